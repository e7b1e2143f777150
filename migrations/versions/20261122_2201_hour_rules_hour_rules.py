"""The rules to begin with: hours of each kind of study and the yearly need, each with its basis.

Revision: hour_rules
Follows: tables
"""

import datetime as dt

import sqlalchemy as sa
from alembic import op

revision = "hour_rules"
down_revision = "tables"
branch_labels = None
depends_on = None

SINCE, FOREVER = dt.date(2019, 5, 6), dt.date(9999, 12, 31)
EDUCATION = "《中国共产党党员教育管理工作条例》第二十条"
LOCAL = "本县学时登记办法"

# kind, quarters of an hour for one unit of that kind, basis
RULES = [
    ("training", 16, f"{LOCAL}：半天 4 学时"),
    ("theme_day", 3, f"{LOCAL}：主题党日一次 0.75 学时"),
    ("lecture", 4, f"{LOCAL}：党课一次 1 学时"),
    ("meeting", 2, f"{LOCAL}：组织生活一次 0.5 学时"),
    ("make_up", 3, f"{LOCAL}：补课按主题党日计"),
    ("home_delivered", 3, "《中国共产党党员教育管理工作条例》第二十三条：送学上门照样登记"),
    ("higher_level", 32, f"{LOCAL}：上级调训按一天 8 学时计"),
]
# post, quarters of an hour a year, basis
NEEDS = [
    ("any", 128, f"{EDUCATION}：每年集中学习培训一般不少于 32 学时"),
    ("committee", 224, f"{EDUCATION}：基层党组织书记和班子成员每年不少于 56 学时"),
]


def _table(name: str, key: str) -> sa.TableClause:
    words = [sa.column(column) for column in (key, "quarters", "basis")]
    return sa.table(name, *words, sa.column("valid_from", sa.Date), sa.column("valid_to", sa.Date))


def upgrade() -> None:
    rule = _table("hour_rule", "kind")
    need = _table("yearly_need", "post")
    span = {"valid_from": SINCE, "valid_to": FOREVER}
    op.bulk_insert(rule, [{"kind": kind, "quarters": quarters, "basis": basis, **span} for kind, quarters, basis in RULES])
    op.bulk_insert(need, [{"post": post, "quarters": quarters, "basis": basis, **span} for post, quarters, basis in NEEDS])


def downgrade() -> None:
    op.execute("DELETE FROM hour_rule")
    op.execute("DELETE FROM yearly_need")
