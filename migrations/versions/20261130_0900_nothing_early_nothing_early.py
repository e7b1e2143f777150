"""An occasion is finished after its end.

Revision: nothing_early
Follows: clients
"""

import sqlalchemy as sa
from alembic import op

revision = "nothing_early"
down_revision = "clients"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # What was finished before its planned end had ended by then, or was finished before it began, which cannot be.
    op.execute(sa.text("UPDATE occasion SET ends_at = finished_at WHERE finished_at < ends_at AND finished_at > starts_at"))
    op.execute(sa.text("UPDATE occasion SET finished_at = ends_at WHERE finished_at < ends_at"))
    with op.batch_alter_table("occasion") as occasion:
        occasion.create_check_constraint(op.f("ck_occasion_finished_after_end"), "finished_at IS NULL OR finished_at >= ends_at")


def downgrade() -> None:
    with op.batch_alter_table("occasion") as occasion:
        occasion.drop_constraint(op.f("ck_occasion_finished_after_end"), type_="check")
