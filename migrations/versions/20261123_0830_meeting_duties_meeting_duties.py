"""How often meetings are held by which rule, why one was not, what a meeting is to deal with, and what became of it.

Revision: meeting_duties
Follows: month_packs
"""

import datetime as dt

import sqlalchemy as sa
from alembic import op

revision = "meeting_duties"
down_revision = "month_packs"
branch_labels = None
depends_on = None

SINCE = dt.date(2018, 10, 28)
FOREVER = dt.date(9999, 12, 31)
BRANCHES = "《中国共产党支部工作条例（试行）》"
# kind, months of its period, basis
RULES = [
    ("committee", 1, f"{BRANCHES}第十二条：支部委员会会议一般每月召开一次"),
    ("group", 1, f"{BRANCHES}第十三条：党小组会一般每月召开一次"),
    ("general", 3, f"{BRANCHES}第十一条：支部党员大会一般每季度召开一次"),
    ("organizational_life", 12, f"{BRANCHES}：组织生活会一般每年召开一次"),
    ("appraisal", 12, f"{BRANCHES}：民主评议党员一般每年开展一次"),
    ("talk", 12, f"{BRANCHES}：谈心谈话每年一般不少于一次"),
]
KINDS = ("theme_day", "general", "committee", "group", "lecture", "organizational_life", "appraisal", "talk")
PROGRESS = ("done", "going_on", "dropped")


def _choice(name: str, words: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=32)


def _noted() -> list[sa.Column]:
    return [
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_because", sa.String(length=500), nullable=True),
    ]


def _standing(table: str, *columns: str) -> None:
    name = f"uq_{table}_{'_'.join(columns)}"
    standing = sa.text("withdrawn_at IS NULL")
    op.create_index(name, table, list(columns), unique=True, sqlite_where=standing, postgresql_where=standing)


def upgrade() -> None:
    op.add_column("meeting", sa.Column("agenda", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("meeting") as meeting:
        meeting.alter_column("agenda", server_default=None)
    rules = op.create_table(
        "duty_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", _choice("kind", KINDS), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(length=300), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.CheckConstraint("months BETWEEN 0 AND 12", name=op.f("ck_duty_rule_months")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_rule")),
    )
    span = {"valid_from": SINCE, "valid_to": FOREVER}
    op.bulk_insert(rules, [{"kind": kind, "months": months, "basis": basis, **span} for kind, months, basis in RULES])
    op.create_table(
        "duty_explanation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("kind", _choice("kind", KINDS), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        *_noted(),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("fk_duty_explanation_organization_id_organization")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_explanation")),
    )
    _standing("duty_explanation", "organization_id", "kind", "period")
    op.create_table(
        "decision_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("decided_in", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("told_in", sa.Integer(), nullable=False),
        sa.Column("progress", _choice("progress", PROGRESS), nullable=False),
        sa.Column("words", sa.String(length=300), nullable=False),
        *_noted(),
        sa.ForeignKeyConstraint(["decided_in"], ["meeting.id"], name=op.f("fk_decision_report_decided_in_meeting")),
        sa.ForeignKeyConstraint(["told_in"], ["meeting.id"], name=op.f("fk_decision_report_told_in_meeting")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_report")),
    )
    op.create_index("ix_decision_report_told_in", "decision_report", ["told_in"])
    _standing("decision_report", "decided_in", "key", "told_in")


def downgrade() -> None:
    for table in ("decision_report", "duty_explanation", "duty_rule"):
        op.drop_table(table)
    op.drop_column("meeting", "agenda")
