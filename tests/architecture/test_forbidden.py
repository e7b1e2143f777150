"""What LearnHub must never keep or show (docs/counting.md): no points, ranks, streaks, time online, whereabouts.

Names are read word by word (`best_score`, `bestScore` and `best-score` are two words each), so `position`, an
organization's place in the order of the roster, and `online` in a sentence stay.
"""

import ast
import functools
import re
from collections.abc import Iterable, Iterator

import pytest
from flask import Flask
from jinja2 import Environment, nodes

from learnhub.core.orm import Base
from tests.architecture.test_contracts import PACKAGE, modules

# One word alone, or words that stand beside each other in a name.
FORBIDDEN = {
    ("rank",), ("ranks",), ("ranking",), ("rankings",), ("leaderboard",), ("league",),
    ("score",), ("scores",), ("scoring",), ("points",), ("badge",), ("badges",), ("medal",), ("likes",),
    ("streak",), ("streaks",), ("checkin", "days"), ("daily", "checkin"),
    ("online", "seconds"), ("online", "minutes"), ("online", "duration"), ("online", "time"), ("time", "online"),
    ("watched", "seconds"), ("seconds", "watched"), ("study", "duration"), ("dwell",), ("login", "count"), ("login", "rate"),
    ("gps",), ("latitude",), ("longitude",), ("geolocation",), ("geo",), ("coordinates",), ("whereabouts",),
}  # fmt: skip
# Names that mean something else: how a quiz is graded for the one who takes it, code points of numerals, the order of
# posts in a branch's list. Each stands here with its file, so that another use is seen.
KNOWN = {
    ("quiz/rules/__init__.py", "SCORING"),
    ("quiz/rules/__init__.py", "_POINTS"),
    ("quiz/views/attempts.py", "SCORING"),
    ("quiz/views/attempts.py", "scoring"),
    ("quiz/templates/quiz/_start.html", "scoring"),
    ("quiz/templates/quiz/attempt.html", "scoring"),
    ("demo/rules/roster.py", "rank"),
}
# The same in Chinese, as labels of a page or a file; 名次 and 积分 have no other meaning here.
FORBIDDEN_WORDS = (
    "排名",
    "排行",
    "名次",
    "积分",
    "打卡天数",
    "连续打卡",
    "在线时长",
    "学习时长排",
    "观看时长",
    "定位签到",
)


def words(name: str) -> list[str]:
    """The words of an identifier, an address or a key, in small letters."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return [each for each in re.split(r"[^a-z0-9]+", spaced.lower()) if each]


@functools.cache
def refused(name: str) -> bool:
    """Whether a name says something forbidden."""
    said = words(name)
    return any(tuple(said[start : start + len(each)]) == each for each in FORBIDDEN for start in range(len(said)))


def names_of_models() -> Iterator[str]:
    """Every table and every column."""
    for table in Base.metadata.tables.values():
        yield table.name
        yield from (f"{table.name}.{column.name}" for column in table.columns)


def names_of_routes(app: Flask) -> Iterator[str]:
    """Every address and every endpoint."""
    for route in app.url_map.iter_rules():
        yield from (route.rule, route.endpoint)


def names_in_template(environment: Environment, source: str) -> Iterator[str]:
    """Every name, attribute and argument that a template uses; comments and sentences are not read."""
    tree = environment.parse(source)
    for node in tree.find_all((nodes.Name, nodes.Getattr, nodes.Keyword)):
        yield str(getattr(node, "name", None) or getattr(node, "attr", None) or getattr(node, "key", ""))


def names_in_python(tree: ast.Module) -> Iterator[str]:
    """Every field, argument, function and class of a module."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr


def labels_of(sources: Iterable[str]) -> Iterator[str]:
    """The Chinese texts of modules and templates: headings of pages, columns of files."""
    for source in sources:
        yield from re.findall(r"[\"']([^\"'\n]*[\u4e00-\u9fff][^\"'\n]*)[\"']", source)


def files(pattern: str) -> dict[str, str]:
    """The text of our files by their path below the package."""
    home = PACKAGE
    return {path.relative_to(home).as_posix(): path.read_text(encoding="utf-8") for path in home.rglob(pattern)}


def test_no_table_and_no_column_keeps_it() -> None:
    assert not [name for name in names_of_models() if refused(name)]


def test_no_address_leads_to_it(app: Flask) -> None:
    assert not [name for name in names_of_routes(app) if refused(name)]


@pytest.mark.one_database(crossed_by_everything=False)  # templates do not know the database
def test_no_template_shows_it(app: Flask) -> None:
    found = {
        (path, name)
        for path, each in files("*.html").items()
        for name in names_in_template(app.jinja_env, each)
        if refused(name)
    }
    assert not found - KNOWN


def test_no_module_computes_or_exports_it() -> None:
    found = {
        (path.relative_to(PACKAGE).as_posix(), name)
        for _name, path, tree in modules()
        for name in names_in_python(tree)
        if refused(name)
    }
    assert not found - KNOWN


def test_no_label_of_a_page_or_a_file_says_it() -> None:
    sources = [*files("*.py").values(), *files("*.html").values()]
    said = [label for label in labels_of(sources) if any(word in label for word in FORBIDDEN_WORDS)]
    assert not [label for label in said if not re.search("不|没有|无", label)], "only to say that there is none"


@pytest.mark.parametrize(
    "name",
    [
        "member.score", "branch_rank", "rankOfBranch", "/reports/ranking", "quiz.best_score", "streak_days", "online_seconds",
        "occasion.latitude", "time-online", "totalPoints",
    ],
)  # fmt: skip
def test_what_is_forbidden_is_refused(name: str) -> None:
    assert refused(name)


@pytest.mark.parametrize(
    "name", ["organization.position", "next_position", "bullet_point", "franking", "online", "underscore", "login_name"]
)
def test_what_only_sounds_like_it_stays(name: str) -> None:
    assert not refused(name)


def test_a_bad_twin_of_each_kind_is_found(app: Flask) -> None:
    assert [
        each
        for each in names_in_template(app.jinja_env, "{% for b in rows %}{{ b.rank }}{% endfor %}")
        if refused(each)
    ]
    assert [each for each in names_in_python(ast.parse("class Member:\n    score: int = 0\n")) if refused(each)]
    assert any(word in label for label in labels_of(['N_("支部排名")']) for word in FORBIDDEN_WORDS)
