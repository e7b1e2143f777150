"""What is known of days of joining, of full membership and of taking up posts; columns mapped by hand.

Revision: roster_days
Follows: former_description
"""

import sqlalchemy as sa
from alembic import op

revision = "roster_days"
down_revision = "former_description"
branch_labels = None
depends_on = None

PRECISIONS = ("day", "month", "year", "unknown")


def _precision(name: str) -> sa.Column:
    kind = sa.Enum(*PRECISIONS, name=name, native_enum=False, create_constraint=True, length=32)
    return sa.Column(name, kind, nullable=False, server_default="day")


def upgrade() -> None:
    with op.batch_alter_table("member") as member:
        member.add_column(_precision("joined_precision"))
        member.add_column(_precision("full_precision"))
        member.alter_column("phone", existing_type=sa.String(20), type_=sa.String(50), existing_nullable=True)
    with op.batch_alter_table("member") as member:
        member.alter_column("joined_precision", server_default=None)
        member.alter_column("full_precision", server_default=None)
    with op.batch_alter_table("post") as post:
        post.add_column(sa.Column("is_start_known", sa.Boolean(), nullable=False, server_default=sa.true()))
    with op.batch_alter_table("post") as post:
        post.alter_column("is_start_known", server_default=None)
    op.create_table(
        "column_by_hand",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("header", sa.String(length=100), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_column_by_hand_organization_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_column_by_hand")),
        sa.UniqueConstraint("organization_id", "header", name=op.f("uq_column_by_hand_organization_id_header")),
    )


def downgrade() -> None:
    connection = op.get_bind()
    partly = connection.scalar(
        sa.text("SELECT count(*) FROM member WHERE joined_precision <> 'day' OR full_precision <> 'day' OR length(phone) > 20")
    )
    unknown = connection.scalar(sa.text("SELECT count(*) FROM post WHERE NOT is_start_known"))
    if partly or unknown:
        raise RuntimeError(
            f"{partly} members and {unknown} posts have days of which not all is known, or two telephone numbers; "
            "the tables before had no place for that"
        )
    op.drop_table("column_by_hand")
    with op.batch_alter_table("post") as post:
        post.drop_column("is_start_known")
    with op.batch_alter_table("member") as member:
        member.drop_constraint(op.f("ck_member_full_precision"), type_="check")
        member.drop_constraint(op.f("ck_member_joined_precision"), type_="check")
        member.drop_column("full_precision")
        member.drop_column("joined_precision")
        member.alter_column("phone", existing_type=sa.String(50), type_=sa.String(20), existing_nullable=True)
