"""The post of a leading cadre, who keeps a double organizational life.

Revision: leading_cadres
Follows: attachments
"""

import sqlalchemy as sa
from alembic import op

revision = "leading_cadres"
down_revision = "attachments"
branch_labels = None
depends_on = None

KINDS = ("secretary", "deputy_secretary", "organization", "publicity", "discipline", "committee", "group_leader")
CADRE = "leading_cadre"


def _only(kinds: tuple[str, ...]) -> None:
    allowed = ", ".join(f"'{each}'" for each in kinds)
    with op.batch_alter_table("post") as post:
        post.drop_constraint(op.f("ck_post_kind"), type_="check")
        post.create_check_constraint(op.f("ck_post_kind"), sa.text(f"kind IN ({allowed})"))


def upgrade() -> None:
    _only((*KINDS, CADRE))


def downgrade() -> None:
    op.execute(f"DELETE FROM post WHERE kind = '{CADRE}'")  # noqa: S608 - a constant of this file
    _only(KINDS)
