"""What published rules say a year needs, shipped with the program; what a county decides it enters itself."""

import datetime as dt

from sqlalchemy.orm import Session

from learnhub.core.orm import FOREVER
from learnhub.records import queries
from learnhub.records.models import YearlyNeed

_REGULATION = "《中国共产党党员教育管理工作条例》第二十条"
_SECRETARIES = "基层党组织书记和班子成员每年集中学习培训时间不少于 56 学时"
# Post, quarter hours a year, basis, first day, first day without it.
PUBLISHED_NEEDS = (
    ("any", 128, f"{_REGULATION}：每年集中学习培训一般不少于 32 学时", dt.date(2019, 5, 6), FOREVER),
    (
        "committee",
        224,
        f"《2019—2023年全国党员教育培训工作规划》：{_SECRETARIES}",
        dt.date(2019, 5, 6),
        dt.date(2024, 1, 1),
    ),
    (
        "committee",
        224,
        f"《全国党员教育培训工作规划（2024—2028年）》：{_SECRETARIES}",
        dt.date(2024, 1, 1),
        dt.date(2029, 1, 1),
    ),
)


def load_published_needs(session: Session) -> int:
    """Write the published needs that are newer than what is on record; returns how many. Loading twice changes nothing.

    The former rule of a post, a county's own one too, ends where a newer published one begins.
    """
    count = 0
    for post, quarters, basis, since, until in PUBLISHED_NEEDS:
        newest = queries.newest_yearly_need(session, post)
        if newest is not None and newest.valid_from >= since:
            continue
        if newest is not None:
            newest.valid_to = min(newest.valid_to, since)
        session.add(YearlyNeed(post=post, quarters=quarters, basis=basis, valid_from=since, valid_to=until))
        session.flush()
        count += 1
    return count
