"""Pictures beside the record of an occasion, three at most.

Revision: attachments
Follows: meeting_duties
"""

import sqlalchemy as sa
from alembic import op

revision = "attachments"
down_revision = "meeting_duties"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("occasion_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("caption", sa.String(length=200), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_because", sa.String(length=500), nullable=True),
        sa.CheckConstraint("place BETWEEN 1 AND 3", name=op.f("ck_attachment_place")),
        sa.ForeignKeyConstraint(["occasion_id"], ["occasion.id"], name=op.f("fk_attachment_occasion_id_occasion")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    standing = sa.text("withdrawn_at IS NULL")
    for column in ("place", "sha256"):
        op.create_index(
            f"uq_attachment_occasion_id_{column}",
            "attachment",
            ["occasion_id", column],
            unique=True,
            sqlite_where=standing,
            postgresql_where=standing,
        )


def downgrade() -> None:
    op.drop_table("attachment")
