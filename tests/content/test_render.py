"""What authors write, and the page it becomes."""

import re
import shutil
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import pytest
from markdown.treeprocessors import InlineProcessor

from learnhub.content.assemble import Assembly
from learnhub.content.links import Links
from learnhub.content.load import load
from learnhub.content.problems import Problems
from learnhub.content.render import Renderer, plain
from learnhub.content.schema import Catalogue
from learnhub.content.tree import Trees

SITES = Path(__file__).parent / "sites"

Write = Callable[[str], str]


@pytest.fixture(scope="module")
def small() -> Catalogue:
    loaded = load(SITES / "small")
    assert loaded.problems == ()
    assert loaded.catalogue is not None
    return loaded.catalogue


@pytest.fixture
def html(tmp_path: Path) -> Write:
    """Renders one page that may have problems."""

    def render(body: str) -> str:
        page = tmp_path / "pages" / "one.md"
        page.parent.mkdir(exist_ok=True)
        page.write_text(f"---\ntitle: 一\n---\n\n{body}\n", encoding="utf-8")
        return Assembly(tmp_path, frozenset({"pages/one.md"}), Problems(), False).catalogue().pages[0].html

    return render


def test_bold_before_chinese_text(html: Write) -> None:
    """Bold that ends in a full-width colon is still bold: CommonMark would print the asterisks."""
    assert html("**加粗：**后文") == "<p><strong>加粗：</strong>后文</p>"


def test_a_line_break_between_chinese_words_is_no_space(html: Write) -> None:
    assert html("第一行，\n第二行 one\ntwo") == "<p>第一行，第二行 one\ntwo</p>"


@pytest.mark.parametrize(
    "body, tag",
    [
        ("看：\n- 甲\n- 乙", "<ul>"),
        ("看：\n1. 甲\n2. 乙", "<ol>"),
        ("看：\n> 甲", "<blockquote>"),
        ("看：\n| 甲 | 乙 |\n|---|---|\n| 1 | 2 |", "<table"),
        ("- 甲\n> 乙", "</ul>\n<blockquote>"),
        ("1. 甲\n- 乙", "</ol>\n<ul>"),
    ],
)
def test_blocks_may_begin_right_under_a_line(html: Write, body: str, tag: str) -> None:
    """As in every other Markdown viewer."""
    assert tag in html(body)


def test_a_lesson_has_its_parts(small: Catalogue) -> None:
    lesson = small.lesson("reading", "parts")
    assert (lesson.title, lesson.lecturer, lesson.order) == ("通知有哪几部分", "县委党校", 10)
    assert [(heading.level, heading.id, heading.text) for heading in lesson.outline] == [(2, "three", "三部分")]
    assert '<aside class="notice notice-point"><p class="notice-title">要点</p>' in lesson.html
    assert '<p class="notice-title">老阮看错了日子</p>' in lesson.html
    assert '<div aria-label="表格 1" class="scroll" role="region" tabindex="0"><table class="table">' in lesson.html
    assert '<th scope="col">部分</th>' in lesson.html and '<td class="num">20</td>' in lesson.html
    assert "<dt>落款</dt>" in lesson.html and "<blockquote>" in lesson.html
    assert 'href="#fn:1"' in lesson.html and 'id="fn:1"' in lesson.html
    assert "通知一般有三部分。" in lesson.text and "<" not in lesson.text


def test_a_picture_with_a_title_is_a_figure(small: Catalogue) -> None:
    figure = re.search(r"<figure>.*?</figure>", small.lesson("reading", "parts").html, re.DOTALL)
    assert figure is not None
    picture = next(one for one in small.media if one.path == "courses/reading/img/parts.svg")
    assert f'src="/media/{picture.digest}/parts.svg"' in figure.group()
    assert 'alt="一张纸分成三格：标题、正文、落款"' in figure.group()
    assert 'width="60"' in figure.group() and 'height="90"' in figure.group()
    assert "<figcaption>通知的三部分</figcaption>" in figure.group()
    assert small.media_file(picture.digest) == picture


def test_links_between_files_become_site_paths(small: Catalogue) -> None:
    body = small.lesson("reading", "parts").html
    assert 'href="/months/2026-11/lesson"' in body and 'href="/months/2026-11#film"' in body
    assert 'href="https://www.12371.cn/a?b=1&amp;c=2" rel="noopener noreferrer"' in body
    assert 'href="/courses/reading/parts#three"' in small.course("reading").introduction_html
    assert 'href="/courses/reading/quiz"' in small.course("reading").introduction_html


def test_ids_do_not_clash_on_a_page_of_several_files(small: Catalogue) -> None:
    film = small.unit("2026-11").film
    assert 'id="film-s1"' in film.html and 'id="film-fn:a"' in film.html and 'href="#film-fn:a"' in film.html
    assert film.captions is not None and film.captions.endswith("/film.vtt")


def test_the_first_heading_is_the_title_where_none_is_given(small: Catalogue) -> None:
    lesson = small.lesson("reading", "act")
    assert lesson.title == "读完做什么" and "<h1" not in lesson.html
    assert "1 &lt; 2，<code>&lt;b&gt;</code> 是标签。" in lesson.html


def test_front_matter_is_read_as_written(small: Catalogue) -> None:
    course = small.course("reading")
    assert course.hours_quarters == 7
    assert [(basis.text, basis.link) for basis in course.basis] == [
        ("党员教育管理工作条例第二十条", "https://www.12371.cn/"),
        ("本支部约定", None),
    ]
    assert small.unit("2026-11").basis[0].text == "党员教育管理工作条例第十六条"


def test_search_finds_every_page(small: Catalogue) -> None:
    entries = {entry.url: entry for entry in small.entries()}
    assert set(entries) == {
        "/courses/reading",
        "/courses/reading/parts",
        "/courses/reading/act",
        "/months/2026-11",
        "/months/2026-11/lesson",
        "/months/2026-11#film",
        "/months/2026-11#practice",
        "/pages/about",
    }
    assert "老阮贴出一张通知" in entries["/months/2026-11#film"].text


ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox)",
    "[x](//evil.example/x)",
    "![x](javascript:alert(1))",
    '![x](x.svg "a\\" onerror=\\"alert(1)")',
    "<javascript:alert(1)>",
    '[x](https://a.example/" onmouseover="alert(1))',
    "## h {#x onclick=alert(1)}",
    '## h {: onclick="alert(1)" }',
    "[x]: javascript:alert(1)\n\n[x]",
    "`<script>alert(1)</script>`",
    "    <script>alert(1)</script>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mi//xlink:href=javascript:alert(1)>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<<script>script>alert(1)<</script>/script>",
    "<a href=x style=position:fixed>",
    '!!! 要点 "<img src=x onerror=alert(1)>"\n    x',
    "| <script>a</script> | b |\n|---|---|\n| <iframe src=x> | 2 |",
]


TAGS = frozenset(
    [
        "p",
        "a",
        "img",
        "h2",
        "code",
        "pre",
        "aside",
        "div",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "figure",
        "figcaption",
    ]
)


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_script_comes_out_of_content(html: Write, attack: str) -> None:
    """Every tag and attribute in the result is one of ours, and every address leads where pages may lead."""
    page = html(f"前文\n\n{attack}\n\n后文")
    for tag, attributes in re.findall(r"<([a-z0-9]+)((?:\s[^<>]*)?)>", page):
        assert tag in TAGS
        for name, value in re.findall(r'([a-z-]+)="([^"]*)"', attributes):
            assert not name.startswith("on") and name != "style"
            assert name not in ("href", "src") or re.match(r"(/|#|https?://|mailto:|$)", value), (name, value)
    assert "前文" in page and "后文" in page


LET_THROUGH = [
    ("<p>x<script>alert(1)</script></p>", "<p>x</p>"),
    ('<p onclick="alert(1)" style="x" class="modal">x</p>', '<p class="">x</p>'),
    ('<a href="javascript:alert(1)">x</a>', "<a>x</a>"),
    ('<a href="data:text/html,x" target="_top">x</a>', "<a>x</a>"),
    ('<img src="/media/1/x.png" alt="x" onerror="alert(1)" />', 'src="/media/1/x.png"'),
    ('<iframe src="https://a.example/">x</iframe>', "x"),
    ('<form action="/sign-out"><input name="x" /><button>x</button></form>', "x"),
    ('<table><tr><td class="num fixed" onmouseover="alert(1)">x</td></tr></table>', '<td class="num">x</td>'),
    ("<h1>x</h1>", "x"),
    ("<svg><animate onbegin='alert(1)' /></svg>", ""),
]


@pytest.mark.parametrize(("tree", "safe"), LET_THROUGH)
def test_what_the_parser_lets_through_is_cleaned_all_the_same(tmp_path: Path, tree: str, safe: str) -> None:
    """The second lock: a tree that no text makes today, but that a new release of the parser may, is no danger."""
    problems = Problems()
    renderer = Renderer(Trees(problems), Links(tmp_path, frozenset(), problems), problems)
    clean = renderer.clean(ET.fromstring(f"<div>{tree}</div>"))  # noqa: S314 (a tree of our own)
    assert safe in clean
    assert not re.search(r"alert|script|on[a-z]+=|style=|target=|<(iframe|form|input|button|svg|h1)", clean)


def test_plain_text_has_one_block_a_line() -> None:
    assert plain("<h2>标题</h2>\n<p>一<b>二</b> &amp; 三</p>\n") == "标题\n一二 & 三"


def test_the_version_follows_the_content(small: Catalogue, tmp_path: Path) -> None:
    """Same bytes, same version; a changed picture changes the page that shows it and the version."""
    folder = tmp_path / "site"
    shutil.copytree(SITES / "small", folder)
    again = load(folder).catalogue
    assert again == small
    picture = folder / "courses/reading/img/parts.svg"
    picture.write_text(picture.read_text().replace("#ccc", "#ddd"))
    changed = load(folder).catalogue
    assert changed is not None and changed.version != small.version
    assert changed.lesson("reading", "parts").hash != small.lesson("reading", "parts").hash
    assert changed.lesson("reading", "act").hash == small.lesson("reading", "act").hash


def test_text_without_marks_is_left_alone(html: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """Most of the time of a large folder went into trying patterns that cannot match; with a mark they are tried."""
    tried: list[str] = []
    real = InlineProcessor._InlineProcessor__applyPattern  # type: ignore[attr-defined]

    def count(self: InlineProcessor, pattern: object, data: str, *rest: object) -> object:
        tried.append(data)
        return real(self, pattern, data, *rest)

    monkeypatch.setattr(InlineProcessor, "_InlineProcessor__applyPattern", count)
    assert html("一段没有记号的文字。\n\n- 第二段（带括号）") and tried == []
    assert "<strong>" in html("**加粗**") and tried
