"""Which browser an answer came from.

Revision: clients
Follows: resits
"""

import sqlalchemy as sa
from alembic import op

revision = "clients"
down_revision = "resits"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("answer", sa.Column("client", sa.String(36), nullable=False, server_default=""))
    with op.batch_alter_table("answer") as answer:
        answer.alter_column("client", server_default=None)


def downgrade() -> None:
    op.drop_column("answer", "client")
