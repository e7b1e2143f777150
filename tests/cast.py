"""The fixed cast: a small county, and one person for each role, one of them from elsewhere.

县委 (1) ─┬─ 柳河镇党委 (2) ─┬─ 柳树村党支部 (4)   members 1–9
          │                 ├─ 桥头村党支部 (5)   members 10–13
          │                 └─ 企业党总支 (6) ── 纺织厂党支部 (7)   members 14–16
          └─ 东山镇党委 (3) ─── 石坝村党支部 (8)   members 17–20
"""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Session

from learnhub.accounts.models import Account, RoleBinding, SignIn
from learnhub.accounts.rules import Role, digest
from learnhub.core.orm import FOREVER
from learnhub.core.text import search_key
from learnhub.members.models import Circumstance, Member, Membership, Post
from learnhub.members.rules import CircumstanceKind, PostKind, Sex
from learnhub.organizations.models import Organization, OrganizationLink
from learnhub.organizations.rules import Domain, OrganizationKind
from learnhub.records.models import HourRule
from learnhub.records.rules import CreditKind

# Sunday 22 November 2026, 10:00 in Shanghai: the moment at which every test begins.
NOW = dt.datetime(2026, 11, 22, 2, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 22)
SINCE = dt.date(2020, 1, 1)

COUNTY, WILLOW_TOWN, EAST_TOWN, WILLOW, BRIDGE, FIRMS, MILL, DAM = range(1, 9)
_K, _D = OrganizationKind, Domain
ORGANIZATIONS = [
    (COUNTY, "中共示例县委", _K.COMMITTEE, None, None, 1),
    (WILLOW_TOWN, "柳河镇党委", _K.COMMITTEE, None, COUNTY, 1),
    (EAST_TOWN, "东山镇党委", _K.COMMITTEE, None, COUNTY, 2),
    (WILLOW, "柳树村党支部", _K.BRANCH, _D.RURAL, WILLOW_TOWN, 1),
    (BRIDGE, "桥头村党支部", _K.BRANCH, _D.RURAL, WILLOW_TOWN, 2),
    (FIRMS, "企业党总支", _K.GENERAL_BRANCH, None, WILLOW_TOWN, 3),
    (MILL, "纺织厂党支部", _K.BRANCH, _D.PRIVATE_ENTERPRISE, FIRMS, 1),
    (DAM, "石坝村党支部", _K.BRANCH, _D.RURAL, EAST_TOWN, 1),
]
_M, _F = Sex.MALE, Sex.FEMALE
MEMBERS = [
    (1, "赵甲", _M, "1958-03", WILLOW),
    (2, "钱乙", _F, "1949-07", WILLOW),
    (3, "孙丙", _M, "1987-01", WILLOW),
    (4, "李丁", _F, "1975-11", WILLOW),
    (5, "周戊", _M, "1966-05", WILLOW),
    (6, "吴䶮", _M, "1991-09", WILLOW),
    (7, "阿依古丽·买买提", _F, "1983-02", WILLOW),
    (8, "郑伟", _M, "1979-06", WILLOW),
    (9, "郑伟", _M, "1994-06", WILLOW),
    (10, "王庚", _M, "1970-04", BRIDGE),
    (11, "冯辛", _F, "1988-08", BRIDGE),
    (12, "陈壬", _M, "1955-12", BRIDGE),
    (13, "褚癸", _M, "2000-10", BRIDGE),
    (14, "卫子", _F, "1990-03", MILL),
    (15, "蒋丑", _M, "1985-05", MILL),
    (16, "沈寅", _M, "1999-01", MILL),
    (17, "韩卯", _M, "1968-02", DAM),
    (18, "杨辰", _F, "1977-07", DAM),
    (19, "朱巳", _M, "1950-09", DAM),
    (20, "秦午", _M, "1996-04", DAM),
]
_P = PostKind
POSTS = [(5, WILLOW, _P.SECRETARY), (4, WILLOW, _P.ORGANIZATION), (10, BRIDGE, _P.SECRETARY), (17, DAM, _P.SECRETARY)]
CIRCUMSTANCES = [(2, CircumstanceKind.EXEMPT, "年老体弱"), (3, CircumstanceKind.MOBILE, "外出务工")]

# name of the person in tests: account id, name, member id, role, organization
PEOPLE: dict[str, tuple[int, str, int | None, Role | None, int | None]] = {
    "member": (1, "赵甲", 1, None, None),
    "recorder": (2, "李丁", 4, Role.RECORDER, WILLOW),
    "second_recorder": (3, "周戊", 5, Role.RECORDER, WILLOW),
    "organizer": (4, "韩辰", None, Role.ORGANIZER, COUNTY),
    "town_organizer": (5, "何未", None, Role.ORGANIZER, WILLOW_TOWN),
    "reader": (6, "吕申", None, Role.READER, COUNTY),
    "author": (7, "施酉", None, Role.AUTHOR, COUNTY),
    "system_admin": (8, "张戌", None, Role.SYSTEM_ADMIN, COUNTY),
    "security_admin": (9, "孔亥", None, Role.SECURITY_ADMIN, COUNTY),
    "audit_admin": (10, "曹元", None, Role.AUDIT_ADMIN, COUNTY),
    "foreign_recorder": (11, "韩卯", 17, Role.RECORDER, DAM),
    "foreign_organizer": (12, "严方", None, Role.ORGANIZER, EAST_TOWN),
    "foreign_reader": (13, "金远", None, Role.READER, EAST_TOWN),
    "foreign_member": (14, "朱巳", 19, None, None),
}


def token(person: str) -> str:
    """The token in the cookie of a person of the cast."""
    return f"token-of-{person}"


def insert_roster(session: Session) -> None:
    """The county and its members."""
    dated = {"valid_from": SINCE, "valid_to": FOREVER}
    session.execute(
        sa.insert(Organization),
        [
            {
                "id": number,
                "code": f"ORG-{number:03}",
                "name": name,
                "kind": kind,
                "domain": domain,
                "position": position,
                "founded_on": SINCE,
                "dissolved_on": FOREVER,
            }
            for number, name, kind, domain, _parent, position in ORGANIZATIONS
        ],
    )
    session.execute(
        sa.insert(OrganizationLink),
        [{"organization_id": row[0], "parent_id": row[4], **dated} for row in ORGANIZATIONS if row[4]],
    )
    session.execute(
        sa.insert(Member),
        [
            {
                "id": number,
                "code": f"M{number:06}",
                "name": name,
                "search_key": search_key(name),
                "sort_key": f"{number:06}",
                "sex": sex,
                "birth_month": birth,
                "joined_on": dt.date(2019, 7, 1),
                "full_on": None if number == 20 else dt.date(2020, 7, 1),
            }
            for number, name, sex, birth, _branch in MEMBERS
        ],
    )
    session.execute(
        sa.insert(Membership), [{"member_id": row[0], "organization_id": row[4], **dated} for row in MEMBERS]
    )
    session.execute(
        sa.insert(Post),
        [{"member_id": who, "organization_id": where, "kind": kind, **dated} for who, where, kind in POSTS],
    )
    session.execute(
        sa.insert(Circumstance),
        [{"member_id": who, "kind": kind, "reason": reason, **dated} for who, kind, reason in CIRCUMSTANCES],
    )


def insert_people(session: Session) -> None:
    """The accounts, what they may do, and a sign-in for each."""
    for person, (number, name, member_id, role, organization_id) in PEOPLE.items():
        session.add(Account(id=number, name=name, login_name=person, member_id=member_id, created_at=NOW))
        session.flush()
        if role is not None:
            session.add(
                RoleBinding(
                    account_id=number, role=role, organization_id=organization_id, valid_from=SINCE, valid_to=FOREVER
                )
            )
        session.add(
            SignIn(token_hash=digest(token(person)), account_id=number, started_at=NOW, seen_at=NOW, agent="test")
        )
    session.flush()


HOURS = {
    CreditKind.TRAINING: 16,
    CreditKind.THEME_DAY: 3,
    CreditKind.LECTURE: 4,
    CreditKind.MEETING: 2,
    CreditKind.MAKE_UP: 3,
    CreditKind.HOME_DELIVERED: 3,
    CreditKind.HIGHER_LEVEL: 32,
}


def insert_rules(session: Session) -> None:
    """What the county decided about credit hours; none come with the program."""
    dated = {"valid_from": dt.date(2019, 5, 6), "valid_to": FOREVER}
    rows = [{"kind": kind, "quarters": quarters, "basis": "县里的办法", **dated} for kind, quarters in HOURS.items()]
    session.execute(sa.insert(HourRule), rows)


def insert(session: Session) -> None:
    """The whole cast, with the sequences of PostgreSQL moved past the ids given here."""
    insert_roster(session)
    insert_rules(session)
    insert_people(session)
    if session.get_bind().dialect.name == "postgresql":
        for table in ("organization", "member", "account"):
            session.execute(sa.text(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))"))
