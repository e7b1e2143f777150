"""Walking down the tree reads the index of the links alone.

Revision: tree_walk
Follows: rolls
"""

from alembic import op

revision = "tree_walk"
down_revision = "rolls"
branch_labels = None
depends_on = None

NAME, TABLE = "ix_organization_link_parent_id", "organization_link"


def upgrade() -> None:
    op.drop_index(NAME, table_name=TABLE)
    op.create_index(NAME, TABLE, ["parent_id", "valid_from", "valid_to", "organization_id"])


def downgrade() -> None:
    op.drop_index(NAME, table_name=TABLE)
    op.create_index(NAME, TABLE, ["parent_id"])
