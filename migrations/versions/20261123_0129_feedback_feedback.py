"""Complaints and the replies to them, and opinions of courses.

Revision: feedback
Follows: ledger
"""

import sqlalchemy as sa
from alembic import op

revision = "feedback"
down_revision = "ledger"
branch_labels = None
depends_on = None

STANDING = sa.text("withdrawn_at IS NULL")


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.create_table(
        "complaint",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("kind", _choice("kind", "complaint", "suggestion", "wrong_content", "help"), nullable=False),
        sa.Column("words", sa.String(length=2000), nullable=False),
        sa.Column("contact", sa.String(length=100), nullable=False),
        sa.Column("page", sa.String(length=200), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_complaint_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint")),
        sa.UniqueConstraint("number", name=op.f("uq_complaint_number")),
    )
    op.create_index("ix_complaint_received_at", "complaint", ["received_at"])
    op.create_index("ix_complaint_account_id", "complaint", ["account_id"])
    op.create_table(
        "complaint_reply",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("complaint_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=2000), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_because", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(
            ["complaint_id"], ["complaint.id"], name=op.f("fk_complaint_reply_complaint_id_complaint")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_reply")),
    )
    op.create_index(
        "uq_complaint_reply_complaint_id", "complaint_reply", ["complaint_id"], unique=True,
        sqlite_where=STANDING, postgresql_where=STANDING,
    )
    op.create_table(
        "opinion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=96), nullable=False),
        sa.Column("clarity", _choice("clarity", "clear", "partly", "hard"), nullable=False),
        sa.Column("use", _choice("use", "useful", "little", "none"), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_opinion_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opinion")),
        sa.UniqueConstraint("account_id", "subject", name=op.f("uq_opinion_account_id_subject")),
    )
    op.create_index("ix_opinion_subject", "opinion", ["subject"])


def downgrade() -> None:
    op.drop_table("opinion")
    op.drop_table("complaint_reply")
    op.drop_table("complaint")
