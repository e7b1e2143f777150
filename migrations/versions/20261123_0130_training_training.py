"""Training: amendments of tasks, the rule stamped on batches, kinds, waiting lists, remainder batches, reflections.

Revision: training
Follows: feedback
"""

import sqlalchemy as sa
from alembic import op

revision = "training"
down_revision = "feedback"
branch_labels = None
depends_on = None

STAMP = ("leave_part", "pass_percent", "attempts")


def upgrade() -> None:
    with op.batch_alter_table("task") as task:
        task.add_column(sa.Column("attempts", sa.Integer(), nullable=True))
    _amendments()
    _batches()
    with op.batch_alter_table("batch_session") as session:
        session.add_column(sa.Column("kind", sa.String(32), nullable=True))
        session.add_column(sa.Column("replaces", sa.Integer(), nullable=True))
        session.create_foreign_key("fk_batch_session_replaces_batch_session", "batch_session", ["replaces"], ["id"])
    op.execute("UPDATE batch_session SET kind = 'lecture'")
    with op.batch_alter_table("batch_session") as session:
        session.alter_column("kind", existing_type=sa.String(32), nullable=False)
        session.create_check_constraint(
            op.f("ck_batch_session_session_kind"), "kind IN ('lecture', 'exchange', 'reading')"
        )
    _waiting()
    op.create_table(
        "reflection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name="fk_reflection_batch_id_batch"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_reflection_member_id_member"),
        sa.PrimaryKeyConstraint("id", name="pk_reflection"),
        sa.UniqueConstraint("batch_id", "member_id", name="uq_reflection_batch_id_member_id"),
    )


def _amendments() -> None:
    op.create_table(
        "task_amendment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("basis", sa.String(300), nullable=False),
        sa.Column("leave_part", sa.Integer(), nullable=False),
        sa.Column("pass_percent", sa.Integer(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=True),
        sa.Column("because", sa.String(500), nullable=False),
        sa.Column("amended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("amended_by", sa.Integer(), nullable=False),
        sa.CheckConstraint("leave_part > 0", name=op.f("ck_task_amendment_leave_part")),
        sa.CheckConstraint("pass_percent BETWEEN 0 AND 100", name=op.f("ck_task_amendment_pass_percent")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name="fk_task_amendment_task_id_task"),
        sa.PrimaryKeyConstraint("id", name="pk_task_amendment"),
    )
    op.create_index("ix_task_amendment_task_id", "task_amendment", ["task_id"])


def _batches() -> None:
    with op.batch_alter_table("batch") as batch:
        batch.add_column(sa.Column("kind", sa.String(32), nullable=True))
        for name in (*STAMP, "remainder_of", "cancelled_by"):
            batch.add_column(sa.Column(name, sa.Integer(), nullable=True))
        batch.add_column(sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("cancelled_because", sa.String(500), nullable=True))
        batch.create_foreign_key("fk_batch_remainder_of_batch", "batch", ["remainder_of"], ["id"])
    op.execute("UPDATE batch SET kind = 'training'")
    # Batches opened so far went by the rule of their task.
    for name in STAMP:
        op.execute(f"UPDATE batch SET {name} = (SELECT task.{name} FROM task WHERE task.id = batch.task_id)")
    with op.batch_alter_table("batch") as batch:
        batch.alter_column("kind", existing_type=sa.String(32), nullable=False)
        batch.alter_column("leave_part", existing_type=sa.Integer(), nullable=False)
        batch.create_check_constraint(op.f("ck_batch_batch_kind"), "kind IN ('training', 'reading')")
        batch.create_check_constraint(op.f("ck_batch_leave_part"), "leave_part > 0")
        batch.create_check_constraint(op.f("ck_batch_pass_percent"), "pass_percent BETWEEN 0 AND 100")


def _waiting() -> None:
    op.create_table(
        "batch_waiting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_because", sa.String(500), nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name="fk_batch_waiting_batch_id_batch"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_batch_waiting_member_id_member"),
        sa.PrimaryKeyConstraint("id", name="pk_batch_waiting"),
    )
    op.create_index(
        "uq_batch_waiting_batch_id_member_id",
        "batch_waiting",
        ["batch_id", "member_id"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("reflection")
    op.drop_table("batch_waiting")
    with op.batch_alter_table("batch_session") as session:
        session.drop_constraint(op.f("ck_batch_session_session_kind"), type_="check")
        session.drop_constraint("fk_batch_session_replaces_batch_session", type_="foreignkey")
        session.drop_column("replaces")
        session.drop_column("kind")
    with op.batch_alter_table("batch") as batch:
        for name in ("batch_kind", "leave_part", "pass_percent"):
            batch.drop_constraint(op.f(f"ck_batch_{name}"), type_="check")
        batch.drop_constraint("fk_batch_remainder_of_batch", type_="foreignkey")
        for name in ("kind", *STAMP, "remainder_of", "cancelled_at", "cancelled_by", "cancelled_because"):
            batch.drop_column(name)
    op.drop_table("task_amendment")
    with op.batch_alter_table("task") as task:
        task.drop_column("attempts")
