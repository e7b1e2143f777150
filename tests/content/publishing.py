"""What tests of publishing share: a site to change, a clock of their own."""

from pathlib import Path

SITES = Path(__file__).parent / "sites"
ROOT = Path(__file__).resolve().parents[2]


class Clock:
    """A clock the test owns."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def break_it(site: Path) -> None:
    (site / "pages" / "about.md").write_text("---\ntitel: x\n---\n\n正文\n", encoding="utf-8")


def retitle(site: Path, title: str) -> None:
    (site / "pages" / "about.md").write_text(f"---\ntitle: {title}\n---\n\n正文\n", encoding="utf-8")
