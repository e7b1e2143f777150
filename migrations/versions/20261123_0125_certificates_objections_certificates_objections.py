"""Certificates with their codes, and members' objections to their own records.

Revision: certificates_objections
Follows: coverage_rollup
"""

import sqlalchemy as sa
from alembic import op

revision = "certificates_objections"
down_revision = "coverage_rollup"
branch_labels = None
depends_on = None

STANDING = sa.text("withdrawn_at IS NULL")
ANSWERS = sa.Enum(
    "explained", "corrected", "passed_on", name="answer", native_enum=False, create_constraint=True, length=32
)


def upgrade() -> None:
    op.create_table(
        "certificate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("completion_id", sa.Integer(), nullable=False),
        sa.Column("paper", sa.JSON(), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_because", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_certificate_member_id_member")),
        sa.ForeignKeyConstraint(
            ["completion_id"], ["completion.id"], name=op.f("fk_certificate_completion_id_completion")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
    )
    op.create_index(
        "uq_certificate_completion_id", "certificate", ["completion_id"], unique=True,
        sqlite_where=STANDING, postgresql_where=STANDING,
    )
    op.create_index("ix_certificate_member_id", "certificate", ["member_id"])
    op.create_index("uq_certificate_code", "certificate", ["code"], unique=True)
    op.create_table(
        "verification_miss",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address_hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verification_miss")),
    )
    op.create_index("ix_verification_miss_address_hash_at", "verification_miss", ["address_hash", "at"])
    op.create_table(
        "objection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("above", sa.Boolean(), nullable=False),
        sa.Column("follows_id", sa.Integer(), nullable=True),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("about", sa.String(length=200), nullable=False),
        sa.Column("words", sa.String(length=1000), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("raised_by", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answer", ANSWERS, nullable=True),
        sa.Column("answer_words", sa.String(length=1000), nullable=True),
        sa.CheckConstraint("(answered_at IS NULL) = (answer IS NULL)", name=op.f("ck_objection_answered")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_objection_member_id_member")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_objection_organization_id_organization")
        ),
        sa.ForeignKeyConstraint(["follows_id"], ["objection.id"], name=op.f("fk_objection_follows_id_objection")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection")),
    )
    op.create_index("ix_objection_organization_id_answered_at", "objection", ["organization_id", "answered_at"])
    op.create_index("ix_objection_member_id", "objection", ["member_id"])
    op.create_index("uq_objection_follows_id", "objection", ["follows_id"], unique=True)


def downgrade() -> None:
    op.drop_table("objection")
    op.drop_table("verification_miss")
    op.drop_table("certificate")
