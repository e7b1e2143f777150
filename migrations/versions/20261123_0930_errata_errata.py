"""Errata of questions, and what they gave to attempts that were handed in before.

Revision: errata
Follows: leading_cadres
"""

import sqlalchemy as sa
from alembic import op

revision = "errata"
down_revision = "leading_cadres"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "erratum",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(length=96), nullable=False),
        sa.Column("question_id", sa.String(length=96), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("question", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erratum")),
    )
    op.create_index("ix_erratum_unit", "erratum", ["unit"])
    op.create_table(
        "erratum_raise",
        sa.Column("erratum_id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.Integer(), nullable=False),
        sa.Column("after", sa.Integer(), nullable=False),
        sa.CheckConstraint("after > before", name=op.f("ck_erratum_raise_raises")),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_erratum_raise_attempt_id_attempt")),
        sa.ForeignKeyConstraint(["erratum_id"], ["erratum.id"], name=op.f("fk_erratum_raise_erratum_id_erratum")),
        sa.PrimaryKeyConstraint("erratum_id", "attempt_id", name=op.f("pk_erratum_raise")),
    )
    op.create_index("ix_erratum_raise_attempt_id", "erratum_raise", ["attempt_id"])


def downgrade() -> None:
    op.drop_table("erratum_raise")
    op.drop_table("erratum")
