"""Only published rules come with the program: what a county decides about hours it enters with its own document.

Revision: own_rules
Follows: identity_key
"""

import datetime as dt

import sqlalchemy as sa
from alembic import op

revision = "own_rules"
down_revision = "identity_key"
branch_labels = None
depends_on = None

FOREVER = dt.date(9999, 12, 31)
INVENTED = "本县学时登记办法%"
REGULATION = "《中国共产党党员教育管理工作条例》第二十条"
WRONG = f"{REGULATION}：基层党组织书记和班子成员每年不少于 56 学时"
SECRETARIES = "基层党组织书记和班子成员每年集中学习培训时间不少于 56 学时"
PLANS = [
    (f"《2019—2023年全国党员教育培训工作规划》：{SECRETARIES}", dt.date(2019, 5, 6), dt.date(2024, 1, 1)),
    (f"《全国党员教育培训工作规划（2024—2028年）》：{SECRETARIES}", dt.date(2024, 1, 1), dt.date(2029, 1, 1)),
]
# What an earlier revision wrote; the way down needs it.
BEFORE = [
    ("training", 16, "本县学时登记办法：半天 4 学时"),
    ("theme_day", 3, "本县学时登记办法：主题党日一次 0.75 学时"),
    ("lecture", 4, "本县学时登记办法：党课一次 1 学时"),
    ("meeting", 2, "本县学时登记办法：组织生活一次 0.5 学时"),
    ("make_up", 3, "本县学时登记办法：补课按主题党日计"),
    ("home_delivered", 3, "《中国共产党党员教育管理工作条例》第二十三条：送学上门照样登记"),
    ("higher_level", 32, "本县学时登记办法：上级调训按一天 8 学时计"),
]


def _table(name: str, key: str) -> sa.TableClause:
    words = [sa.column(column) for column in (key, "quarters", "basis")]
    return sa.table(name, *words, sa.column("valid_from", sa.Date), sa.column("valid_to", sa.Date))


HOUR_RULE, YEARLY_NEED = _table("hour_rule", "kind"), _table("yearly_need", "post")


def upgrade() -> None:
    invented = HOUR_RULE.c.basis.like(INVENTED) | (HOUR_RULE.c.basis == BEFORE[5][2])
    op.execute(HOUR_RULE.delete().where(invented))
    op.execute(YEARLY_NEED.delete().where(YEARLY_NEED.c.basis == WRONG))
    rows = [
        {"post": "committee", "quarters": 224, "basis": basis, "valid_from": since, "valid_to": until}
        for basis, since, until in PLANS
    ]
    op.bulk_insert(YEARLY_NEED, rows)


def downgrade() -> None:
    op.execute(YEARLY_NEED.delete().where(YEARLY_NEED.c.basis.in_([basis for basis, *_span in PLANS])))
    span = {"valid_from": dt.date(2019, 5, 6), "valid_to": FOREVER}
    op.bulk_insert(YEARLY_NEED, [{"post": "committee", "quarters": 224, "basis": WRONG, **span}])
    rules = [{"kind": kind, "quarters": quarters, "basis": basis, **span} for kind, quarters, basis in BEFORE]
    op.bulk_insert(HOUR_RULE, rules)
