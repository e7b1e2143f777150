"""Study elsewhere that counts for a task, and the days that are worked otherwise than the week says.

Revision: recognition
Follows: training
"""

import sqlalchemy as sa
from alembic import op

revision = "recognition"
down_revision = "training"
branch_labels = None
depends_on = None

WAYS = ("centralized", "receiving_place", "home_delivered", "make_up", "higher_level")
EVIDENCE = ("certificate", "list", "visit", "statement")


def _choice(words: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=32)


def _noted() -> tuple[sa.Column, ...]:
    return (
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_because", sa.String(length=500), nullable=True),
    )


def upgrade() -> None:
    op.create_table(
        "recognition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("way", _choice(WAYS, "recognition_way"), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("organizer", sa.String(length=200), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("quarters", sa.Integer(), nullable=False),
        sa.Column("evidence", _choice(EVIDENCE, "evidence_class"), nullable=False),
        sa.Column("reference", sa.String(length=300), nullable=False),
        *_noted(),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_recognition_span")),
        sa.CheckConstraint("quarters > 0", name=op.f("ck_recognition_quarters")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name="fk_recognition_task_id_task"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_recognition_member_id_member"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recognition")),
    )
    op.create_index("ix_recognition_member_id", "recognition", ["member_id"])
    standing = sa.text("withdrawn_at IS NULL")
    op.create_index(
        "uq_recognition_task_id_member_id_title_starts_on_ends_on",
        "recognition",
        ["task_id", "member_id", "title", "starts_on", "ends_on"],
        unique=True,
        sqlite_where=standing,
        postgresql_where=standing,
    )
    op.create_table(
        "holiday",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("working", sa.Boolean(), nullable=False),
        sa.Column("basis", sa.String(length=300), nullable=False),
        *_noted(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holiday")),
    )
    op.create_index(
        "uq_holiday_day", "holiday", ["day"], unique=True, sqlite_where=standing, postgresql_where=standing
    )


def downgrade() -> None:
    op.drop_table("holiday")
    op.drop_table("recognition")
