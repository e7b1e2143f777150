"""The ledger: what was changed of dated facts, and reports as they were issued with their files.

Revision: ledger
Follows: certificates_objections
"""

import sqlalchemy as sa
from alembic import op

revision = "ledger"
down_revision = "certificates_objections"
branch_labels = None
depends_on = None

FACTS = ("membership", "post", "circumstance", "particulars", "link", "organization", "roster")
DOMAINS = (
    "rural",
    "community",
    "government",
    "institution",
    "state_enterprise",
    "school",
    "hospital",
    "private_enterprise",
    "social_organization",
    "new_employment",
    "retired",
    "other",
)


def _choice(words: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.create_table(
        "revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fact", _choice(FACTS, "fact"), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("organization_id", sa.Integer(), nullable=True),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=96), nullable=False),
        sa.Column("because", sa.String(length=500), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
    )
    op.create_index("ix_revision_member_id", "revision", ["member_id"])
    op.create_index("ix_revision_noted_at", "revision", ["noted_at"])
    op.create_table(
        "frozen_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("domain", _choice(DOMAINS, "domain"), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by", sa.Integer(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("people", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name="fk_frozen_report_organization_id_organization"),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name="fk_frozen_report_task_id_task"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_frozen_report")),
    )
    op.create_index("ix_frozen_report_organization_id_task_id", "frozen_report", ["organization_id", "task_id"])
    op.create_table(
        "frozen_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("bytes", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["frozen_report.id"], name="fk_frozen_file_report_id_frozen_report"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_frozen_file")),
        sa.UniqueConstraint("report_id", "name", name="uq_frozen_file_report_id_name"),
    )


def downgrade() -> None:
    op.drop_table("frozen_file")
    op.drop_table("frozen_report")
    op.drop_table("revision")
