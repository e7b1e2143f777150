"""That the closing of a class was taken back, by whom and when.

Revision: reopening
Follows: approval
"""

import sqlalchemy as sa
from alembic import op

revision = "reopening"
down_revision = "approval"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("batch", sa.Column("reopened_at", sa.DateTime(timezone=True)))
    op.add_column("batch", sa.Column("reopened_by", sa.Integer()))


def downgrade() -> None:
    op.drop_column("batch", "reopened_by")
    op.drop_column("batch", "reopened_at")
