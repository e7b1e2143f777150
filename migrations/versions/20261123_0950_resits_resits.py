"""What a resit does not ask again.

Revision: resits
Follows: errata
"""

import sqlalchemy as sa
from alembic import op

revision = "resits"
down_revision = "errata"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("attempt", sa.Column("carried", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("attempt") as attempt:
        attempt.alter_column("carried", server_default=None)


def downgrade() -> None:
    op.drop_column("attempt", "carried")
