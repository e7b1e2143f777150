"""Study elsewhere on the weakest evidence waits for the organizer's yes.

Revision: approval
Follows: own_rules
"""

import sqlalchemy as sa
from alembic import op

revision = "approval"
down_revision = "own_rules"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("recognition", sa.Column("approved_at", sa.DateTime(timezone=True)))
    op.add_column("recognition", sa.Column("approved_by", sa.Integer()))
    op.execute(sa.text("UPDATE recognition SET approved_at = noted_at, approved_by = noted_by"))
    with op.batch_alter_table("recognition") as recognition:
        recognition.create_check_constraint(
            op.f("ck_recognition_approval"), "(approved_at IS NULL) = (approved_by IS NULL)"
        )


def downgrade() -> None:
    # What still waits would count as recognised: there is no way down before it is decided.
    waiting = sa.text("SELECT count(*) FROM recognition WHERE approved_at IS NULL AND withdrawn_at IS NULL")
    if op.get_bind().execute(waiting).scalar():
        raise RuntimeError("recognitions wait for approval: approve or refuse them first")
    with op.batch_alter_table("recognition") as recognition:
        recognition.drop_constraint(op.f("ck_recognition_approval"), type_="check")
        recognition.drop_column("approved_by")
        recognition.drop_column("approved_at")
