"""Roll-ups of coverage: what each organization adds to a task, and the day it holds for.

Revision: coverage_rollup
Follows: hour_rules
"""

import sqlalchemy as sa
from alembic import op

revision = "coverage_rollup"
down_revision = "hour_rules"
branch_labels = None
depends_on = None

COLUMNS = (
    "heads",
    "lost",
    "exempt",
    "due",
    "centralized",
    "receiving_place",
    "home_delivered",
    "make_up",
    "higher_level",
    "covered",
    "in_training",
    "in_transit",
    "not_covered",
    "women",
    "older",
    "mobile",
    "probationary",
    "secretaries",
    "committee",
)


def upgrade() -> None:
    op.create_table(
        "rollup_day",
        sa.Column("task_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name="fk_rollup_day_task_id_task"),
        sa.PrimaryKeyConstraint("task_id", name="pk_rollup_day"),
    )
    op.create_table(
        "coverage_rollup",
        sa.Column("task_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("organization_id", sa.Integer(), autoincrement=False, nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COLUMNS),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name="fk_coverage_rollup_task_id_task"),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name="fk_coverage_rollup_organization_id_organization"
        ),
        sa.PrimaryKeyConstraint("task_id", "organization_id", name="pk_coverage_rollup"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("coverage_rollup")
    op.drop_table("rollup_day")
