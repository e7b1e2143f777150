"""The check: every problem at its place, in words an author understands."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from flask_babel import Babel

from learnhub.content import child
from learnhub.content.check import as_json, as_sarif, as_text, check
from learnhub.content.cli import cli
from learnhub.content.load import load
from learnhub.content.problems import has_errors
from tests.processor_time import processor_seconds

SITES = Path(__file__).parent / "sites"


def same(message: str) -> str:
    return message


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    shutil.copytree(SITES / "small", folder)
    return folder


def edit(folder: Path, path: str, old: str, new: str) -> None:
    text = (folder / path).read_text(encoding="utf-8")
    assert old in text
    (folder / path).write_text(text.replace(old, new), encoding="utf-8")


def reasons(folder: Path) -> str:
    return as_text(load(folder).problems, same)


def test_a_good_folder_has_no_problems() -> None:
    assert check(SITES / "small") == ()


def test_a_broken_folder_shows_all_its_problems_at_once() -> None:
    """`broken.txt` is what `flask content check` prints for `sites/broken`; every line of it was looked at."""
    expected = (SITES / "broken.txt").read_text(encoding="utf-8")
    assert as_text(check(SITES / "broken"), same) + "\n" == expected


FAULTS: list[tuple[str, str, str, str]] = [
    ("courses/reading/course.md", "hours: 1.75", "hours: 1.3", ":4:8: error: 学时"),
    ("courses/reading/course.md", "hours: 1.75", "hours: -1", ":4:8: error: 学时"),
    ("courses/reading/course.md", "hours: 1.75", "hours: 0", ":4:8: error: 学时"),
    ("courses/reading/course.md", "hours: 1.75", "hours: 9999", ":4:8: error: 学时"),
    ("courses/reading/course.md", "hours: 1.75", "hours: [1]", ":4:8: error: “hours” 应当是一段文字"),
    ("courses/reading/course.md", "audience:", "audiance:", ":5:1: error: 不认识 “audiance”，是不是想写 “audience”？"),
    ("courses/reading/course.md", "audience:", "colour:", ":5:1: error: 不认识 “colour”；这里可以写：title"),
    ("courses/reading/course.md", "title: 读一份通知", "title: " + "长" * 101, ":2:8: error: 标题太长"),
    ("courses/reading/course.md", "title: 读一份通知", "title: a: b", ":2:9: error: 这一行的写法不对"),
    ("courses/reading/course.md", "title: 读一份通知", "title: 一\ntitle: 二", ":3:1: error: “title” 写了两遍"),
    ("courses/reading/course.md", "link: https:", "link: ftp:", ":8:11: error: 网址"),
    (
        "courses/reading/course.md",
        "https://www.12371.cn/\n",
        "https://www.12371.cn/\n    more: [[[[1]]]]\n",
        "嵌套得太深",
    ),
    ("courses/reading/course.md", "10-parts.md#three", "10-parts.md#four", "里的 “#four”，那里没有这一处"),
    ("courses/reading/course.md", "(quiz.md)", "(quizz.md)", "找不到 “quizz.md”，是不是 “quiz.md”？"),
    ("courses/reading/course.md", "(quiz.md)", "(../../../secret.md)", "找不到 “../../../secret.md”"),
    ("courses/reading/course.md", "(quiz.md)", "(../../README.md)", "它不是网站上的一页"),
    ("courses/reading/10-parts.md", "img/parts.svg", "img/part.svg", "是不是 “parts.svg”？"),
    ("courses/reading/10-parts.md", "![一张纸分成三格：标题、正文、落款]", "![]", "没有说明文字"),
    ("courses/reading/10-parts.md", "[^1]:", "[^2]:", "脚注 [^1] 没有写内容"),
    ("courses/reading/10-parts.md", "!!! 要点", "!!! 重点", "是不是想写 “要点”？"),
    ("courses/reading/10-parts.md", "## 三部分 {#three}", "# 三部分", "一级标题（#）只有一个"),
    ("courses/reading/10-parts.md", "- 标题", "<br>\n- 标题", ":13:1: error: 这里写了 HTML（<br>）"),
    ("courses/reading/10-parts.md", "- 标题", "- 标题\ue001", "造字或控制字符"),
    ("courses/reading/img/parts.svg", "<rect y", "<script/><rect y", "图里有脚本"),
    ("courses/reading/img/parts.svg", "<rect y", '<rect onload="x()" y', "图里有脚本"),
    ("courses/reading/img/parts.svg", "<svg ", '<!DOCTYPE svg [<!ENTITY a "b">]><svg ', "图里有脚本"),
    ("courses/reading/img/parts.svg", "</svg>", "", "SVG 图读不出来"),
    ("courses/reading/quiz.md", "{#which}", "{#parts}", "编号 “parts” 用了两次"),
    ("courses/reading/quiz.md", "- [ ] 价格", "- 价格", "选项 “价格” 前面没有 [ ] 或 [x]"),
    ("courses/reading/quiz.md", "- [x] 三部分", "- [x] 两部分", "有两个选项一样：两部分"),
    ("courses/reading/quiz.md", "- [x] 三部分", "- [ ] 三部分", "没有一个选项是对的"),
    ("courses/reading/quiz.md", "- [ ] 价格", "- [x] 价格", "所有选项都是对的"),
    ("courses/reading/quiz.md", "= 7 | 七", "七", "题目里有 2 个空，答案有 1 行"),
    ("courses/reading/quiz.md", "- [x] 三部分", "- [x] 两　部 分", "有两个选项一样：两部分"),
    ("courses/reading/quiz.md", "| 正文 | 怎么办 |", "| 标题 | 怎么办 |", "有两个选项一样：标题"),
    ("courses/reading/quiz.md", "> 从上到下。", "- [x] 甲\n- [ ] 乙", "排序题（.order）要有一个编号列表"),
    ("themedays/2026-11/film.md", "minutes: 2", "minutes: 1.5", ":4:10: error: 分钟数"),
    ("themedays/2026-11/film.md", "file: film.mp4\n", "", "片子要有 file（文件）或者 link（网址）"),
    ("themedays/2026-11/film.md", "poster: poster.svg\n", "", "缺少 “poster”"),
    ("themedays/2026-11/film.md", "captions: film.vtt", "captions: gone.vtt", "找不到 “gone.vtt”"),
    ("themedays/2026-11/film.md", "file: film.mp4", "file: https://v.example/a.mp4", "在别的网站上"),
    (
        "themedays/2026-11/film.md",
        "captions:",
        "variants:\n  - file: film-small.mp4\n    label: 省流量\ncaptions:",
        "film.md:7:11: error: 找不到 “film-small.mp4”",
    ),
    ("themedays/2026-11/film.md", "captions:", "variants:\n  - film.vtt\ncaptions:", "不是这里能用的文件"),
    ("themedays/2026-11/film.md", "captions:", "variants:\n  - label: 小\ncaptions:", "缺少 “file”"),
    ("themedays/2026-11/film.vtt", "WEBVTT", "1", "文件的内容和它的后缀不符"),
]


@pytest.mark.parametrize("path, old, new, reason", FAULTS)
def test_each_fault_is_named_at_its_place(site: Path, path: str, old: str, new: str, reason: str) -> None:
    edit(site, path, old, new)
    assert load(site).catalogue is None
    assert reason in reasons(site)


def test_other_encodings_are_named(site: Path) -> None:
    (site / "pages" / "about.md").write_bytes("第一行\n".encode() + "关于".encode("gb18030"))
    assert "pages/about.md:2:1: error: 文件不是 UTF-8 编码" in reasons(site)


def test_a_byte_order_mark_and_windows_line_ends_are_fine(site: Path) -> None:
    page = site / "pages" / "about.md"
    page.write_bytes(b"\xef\xbb\xbf" + page.read_bytes().replace(b"\n", b"\r\n"))
    assert load(site).problems == ()


def test_symbolic_links_lead_nowhere(site: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("秘密", encoding="utf-8")
    (site / "pages" / "secret.md").symlink_to(tmp_path / "secret.md")
    edit(site, "pages/about.md", "../courses/reading/course.md", "secret.md")
    assert "找不到 “secret.md”" in reasons(site)


def test_a_missing_folder_is_a_problem(tmp_path: Path) -> None:
    assert "没有这个文件夹" in as_text(check(tmp_path / "none"), same)


def test_pages_are_held_against_git(site: Path) -> None:
    """A lesson with another number is the same page; one under another name leaves a warning."""
    subprocess.run(["git", "init", "-q", str(site)], check=True)
    who = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    subprocess.run(["git", "-C", str(site), "add", "."], check=True)
    subprocess.run(["git", "-C", str(site), *who, "commit", "-qm", "x"], check=True)
    lesson = site / "courses" / "reading" / "20-act.md"
    lesson = lesson.rename(lesson.with_name("30-act.md"))
    assert check(site) == ()
    lesson.rename(lesson.with_name("30-acting.md"))
    (gone,) = check(site)
    assert gone.file == "courses/reading/20-act.md" and gone.values == {"url": "/courses/reading/act"}
    assert not has_errors([gone])


def test_a_git_that_does_not_answer_is_not_a_folder_without_history(site: Path) -> None:
    """Nothing was compared, and the author hears it; a work tree before its first commit has nothing to compare."""
    subprocess.run(["git", "init", "-q", str(site)], check=True)
    assert check(site) == ()
    (site / ".git" / "HEAD").write_text("damaged")
    (unknown,) = check(site)
    assert "git 没有回答" in unknown.reason and not has_errors([unknown])


def test_ids_are_held_against_git(site: Path) -> None:
    """An id that left is a warning; taken up again by another question it is an error; an edited stem is neither, nor is
    the same question that comes back."""
    quiz = "courses/reading/quiz.md"

    def commit() -> None:
        who = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
        subprocess.run(["git", "-C", str(site), "add", "."], check=True)
        subprocess.run(["git", "-C", str(site), *who, "commit", "-qm", "x"], check=True)

    subprocess.run(["git", "init", "-q", str(site)], check=True)
    commit()
    edit(site, quiz, "## 通知一般有几部分？ {#parts}", "## 一份通知有几部分？ {#parts}")
    commit()
    assert check(site) == ()
    edit(site, quiz, "{#parts}", "{#how-many}")
    gone = check(site)
    assert "编号 “parts” 不见了" in as_text(gone, same).replace("题目", "") and not has_errors(gone)
    commit()
    assert check(site) == ()
    edit(site, quiz, "{#how-many}", "{#parts}")
    assert not has_errors(check(site)), "the same question"
    edit(site, quiz, "## 一份通知有几部分？ {#parts}", "## 谁来写通知？ {#parts}")
    again = check(site)
    assert "编号 “parts” 以前给过另一道题（一份通知有几部分？）" in as_text(again, same) and has_errors(again)
    edit(site, quiz, "## 谁来写通知？ {#parts}", "## 一份通知有几部分？ {#parts}")
    commit()
    edit(site, quiz, "## 一份通知有几部分？ {#parts}", "## 一份通知分几部分？ {#parts}")
    assert not has_errors(check(site)), "it came back, and its words may be edited again"


@pytest.mark.long
def test_shares_of_a_folder_find_what_one_process_finds(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also a link into what another share reads, to a place that is not there, and one to a place that is."""
    edit(site, "pages/about.md", "../courses/reading/course.md", "../courses/reading/10-parts.md#none")
    edit(site, "courses/reading/course.md", "hours: 1.75", "hours: 1.3")
    edit(site, "themedays/2026-11/unit.md", "---\n\n", "---\n\n[三部分](../../courses/reading/10-parts.md#three)\n\n")
    for folder in (site, SITES / "broken"):
        together = check(folder)
        with monkeypatch.context() as patch:
            patch.setattr(child, "LARGE", 1)
            patch.setattr(child.os, "sched_getaffinity", lambda _: {0, 1, 2})
            assert check(folder) == together and together


@pytest.mark.long
def test_a_thousand_units_are_checked_in_seconds(tmp_path: Path) -> None:
    """The aim is two seconds of an idle machine with two processors (docs/performance.md); here only that it is near."""
    lesson = "\n\n".join(
        f"## 第 {n} 节\n\n{'这一段讲一件事，说清楚谁来做。' * 8}\n\n- 先看**标题**\n- 再看正文" for n in range(4)
    )
    quiz = "\n".join(f"## 第 {n} 题？ {{#q{n}}}\n- [ ] 甲\n- [x] 乙\n> 依据：第 {n} 条。\n" for n in range(5))
    texts = {
        "unit.md": "---\ntitle: 主题\nsummary: 摘要\nbasis: 条例\n---\n\n这个月学什么。\n",
        "lesson.md": f"---\ntitle: 一课\n---\n\n{lesson}\n",
        "film.md": "---\ntitle: 片\nsource: 县里\nminutes: 2\nlink: https://v.example/a\n---\n\n片子的文字。\n",
        "practice.md": "---\ntitle: 实践\n---\n\n1. 一\n2. 二\n",
        "quiz.md": f"# 小测\n\n{quiz}",
    }
    for number in range(1_000):
        folder = tmp_path / "themedays" / f"{2000 + number // 12}-{number % 12 + 1:02d}"
        folder.mkdir(parents=True)
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8")
    before = processor_seconds()
    assert check(tmp_path) == ()
    assert processor_seconds() - before < 24


def test_json_and_sarif_say_the_same() -> None:
    problems = check(SITES / "broken")
    rows = json.loads(as_json(problems, same))
    (run,) = json.loads(as_sarif(problems, same))["runs"]
    results, rules = run["results"], run["tool"]["driver"]["rules"]
    assert len(rows) == len(results) == len(problems)
    assert len({each["id"] for each in rules}) == len(rules) == len({problem.reason for problem in problems})
    for problem, result in zip(problems, results, strict=True):
        rule = rules[result["ruleIndex"]]
        assert (rule["id"], rule["shortDescription"]["text"]) == (result["ruleId"], problem.reason)
    assert rows[0]["reason"] == results[0]["message"]["text"]
    assert results[0]["locations"][0]["physicalLocation"]["region"]["startLine"] == rows[0]["line"]


@pytest.fixture
def run(site: Path, tmp_path: Path) -> Callable[..., tuple[int, str]]:
    app = Flask("cli")
    app.config["SETTINGS"] = SimpleNamespace(
        content_folder=site, media_root=None, published_content=tmp_path / "out" / "content.json"
    )
    Babel(app, default_locale="zh_CN")
    app.cli.add_command(cli)

    def invoke(*arguments: str) -> tuple[int, str]:
        result = app.test_cli_runner().invoke(args=["content", *arguments])
        return result.exit_code, result.output

    return invoke


def test_the_command_ends_with_one_on_errors(run: Callable[..., tuple[int, str]], site: Path) -> None:
    assert run("check") == (0, "内容没有问题。\n")
    edit(site, "pages/about.md", "## 这是什么", "### 这是什么")
    code, output = run("check")
    assert code == 0 and "pages/about.md:5:5: warning: 标题跳了一级" in output
    edit(site, "pages/about.md", "course.md", "curse.md")
    code, output = run("check")
    assert code == 1 and "pages/about.md:7:" in output
    assert run("check", str(site / "courses")) == (0, "内容没有问题。\n")
    assert json.loads(run("check", "--format", "json")[1])[0]["file"] == "pages/about.md"
    assert run("check", str(SITES / "small")) == (0, "内容没有问题。\n")


def test_publish_keeps_the_last_good_version(run: Callable[..., tuple[int, str]], site: Path, tmp_path: Path) -> None:
    assert run("publish")[0] == 0
    good = (tmp_path / "out" / "content.json").read_bytes()
    edit(site, "pages/about.md", "course.md", "curse.md")
    code, output = run("publish")
    assert code == 1 and "curse.md" in output and "没有发布" in output
    assert (tmp_path / "out" / "content.json").read_bytes() == good
