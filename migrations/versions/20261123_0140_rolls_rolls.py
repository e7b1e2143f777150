"""Rolls: what each phone saved last, guests by name, and check-in codes.

Revision: rolls
Follows: recognition
"""

import sqlalchemy as sa
from alembic import op

revision = "rolls"
down_revision = "recognition"
branch_labels = None
depends_on = None

NOTED = {
    "noted_at": (sa.DateTime(timezone=True), False),
    "noted_by": (sa.Integer(), False),
    "withdrawn_at": (sa.DateTime(timezone=True), True),
    "withdrawn_by": (sa.Integer(), True),
    "withdrawn_because": (sa.String(500), True),
}
STANDING = sa.text("withdrawn_at IS NULL")


def _noted() -> list[sa.Column[object]]:
    return [sa.Column(name, kind, nullable=nullable) for name, (kind, nullable) in NOTED.items()]


def upgrade() -> None:
    with op.batch_alter_table("occasion") as occasion:
        occasion.add_column(sa.Column("roll_clients", sa.JSON(none_as_null=True), nullable=True))
    op.create_table(
        "guest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("occasion_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        *_noted(),
        sa.ForeignKeyConstraint(["occasion_id"], ["occasion.id"], name="fk_guest_occasion_id_occasion"),
        sa.PrimaryKeyConstraint("id", name="pk_guest"),
    )
    op.create_index(
        "uq_guest_occasion_id_name",
        "guest",
        ["occasion_id", "name"],
        unique=True,
        sqlite_where=STANDING,
        postgresql_where=STANDING,
    )
    op.create_table(
        "check_in_switch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        *_noted(),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name="fk_check_in_switch_organization_id_organization"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_check_in_switch"),
    )
    op.create_index(
        "uq_check_in_switch_organization_id",
        "check_in_switch",
        ["organization_id"],
        unique=True,
        sqlite_where=STANDING,
        postgresql_where=STANDING,
    )
    _codes()


def _codes() -> None:
    op.create_table(
        "check_in_screen",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("occasion_id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.String(64), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["occasion_id"], ["occasion.id"], name="fk_check_in_screen_occasion_id_occasion"),
        sa.PrimaryKeyConstraint("id", name="pk_check_in_screen"),
        sa.UniqueConstraint("occasion_id", name="uq_check_in_screen_occasion_id"),
    )
    op.create_table(
        "check_in_claim",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("screen_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(member_id IS NULL) = (used_at IS NULL)", name=op.f("ck_check_in_claim_used")),
        sa.ForeignKeyConstraint(
            ["screen_id"], ["check_in_screen.id"], name="fk_check_in_claim_screen_id_check_in_screen"
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_check_in_claim_member_id_member"),
        sa.PrimaryKeyConstraint("id", name="pk_check_in_claim"),
        sa.UniqueConstraint("screen_id", "member_id", name="uq_check_in_claim_screen_id_member_id"),
        sa.UniqueConstraint("token_hash", name="uq_check_in_claim_token_hash"),
    )


def downgrade() -> None:
    for table in ("check_in_claim", "check_in_screen", "check_in_switch", "guest"):
        op.drop_table(table)
    with op.batch_alter_table("occasion") as occasion:
        occasion.drop_column("roll_clients")
