"""The fingerprint of the key by which identity numbers are hashed.

Revision: identity_key
Follows: nothing_early
"""

import sqlalchemy as sa
from alembic import op

revision = "identity_key"
down_revision = "nothing_early"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "identity_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_identity_key_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_key")),
    )


def downgrade() -> None:
    op.drop_table("identity_key")
