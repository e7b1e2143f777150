"""What organizations were before their name, kind or domain changed.

An organization's own row says what it is since its last change, so that there is nothing to fill in: what is on record
has held since the organization was founded.

Revision: former_description
Follows: reopening
"""

import sqlalchemy as sa
from alembic import op

revision = "former_description"
down_revision = "reopening"
branch_labels = None
depends_on = None

_KINDS = (
    "committee",
    "working_committee",
    "general_branch",
    "branch",
    "joint_branch",
    "temporary_branch",
    "mobile_branch",
    "group",
)
_DOMAINS = (
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


def upgrade() -> None:
    op.create_table(
        "former_description",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column(
            "kind", sa.Enum(*_KINDS, name="kind", native_enum=False, create_constraint=True, length=32), nullable=False
        ),
        sa.Column(
            "domain",
            sa.Enum(*_DOMAINS, name="domain", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.CheckConstraint("valid_from < valid_to", name=op.f("ck_former_description_span")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_former_description_organization_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_description")),
        sa.UniqueConstraint(
            "organization_id", "valid_from", name=op.f("uq_former_description_organization_id_valid_from")
        ),
    )


def downgrade() -> None:
    op.drop_table("former_description")
