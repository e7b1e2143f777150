"""A month's unit published for a subtree, and a branch's own film or practice.

Revision: month_packs
Follows: work_lists
"""

import sqlalchemy as sa
from alembic import op

revision = "month_packs"
down_revision = "work_lists"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "month_pack",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("lesson", sa.String(length=200), nullable=False),
        sa.Column("lecturer", sa.String(length=100), nullable=False),
        sa.Column("film", sa.String(length=200), nullable=False),
        sa.Column("film_source", sa.String(length=200), nullable=False),
        sa.Column("practice", sa.String(length=200), nullable=False),
        sa.Column("fixed", sa.Text(), nullable=False),
        sa.Column("free", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by", sa.Integer(), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_because", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_month_pack_organization_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_month_pack")),
    )
    op.create_index(
        "uq_month_pack_published",
        "month_pack",
        ["organization_id", "month"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL AND published_at IS NOT NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL AND published_at IS NOT NULL"),
    )
    op.create_index(
        "uq_month_pack_prepared",
        "month_pack",
        ["organization_id", "month"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL AND published_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL AND published_at IS NULL"),
    )
    op.create_table(
        "own_part",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column(
            "part",
            sa.Enum("film", "practice", name="part", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_because", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_own_part_organization_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_part")),
    )
    op.create_index(
        "uq_own_part_organization_id_month_part",
        "own_part",
        ["organization_id", "month", "part"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )


def downgrade() -> None:
    for table in ("own_part", "month_pack"):
        op.drop_table(table)
