"""Films in several files, and films that are too large for git."""

from pathlib import Path

from learnhub.content.check import check
from learnhub.content.load import load
from learnhub.content.publish import publish
from learnhub.content.shelf import Shelf

FILM = "themedays/2026-11/film.md"
WITH_VARIANT = "variants:\n  - file: film-small.mp4\n    label: 省流量\ncaptions:"


def write_variant(site: Path, root: Path) -> Path:
    """Name a variant in the front matter and put its file below `root`."""
    page = site / FILM
    page.write_text(page.read_text(encoding="utf-8").replace("captions:", WITH_VARIANT, 1), encoding="utf-8")
    file = root / "themedays" / "2026-11" / "film-small.mp4"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes((site / "themedays/2026-11/film.mp4").read_bytes() + b"smaller")
    return file


def test_a_film_may_come_in_several_files(site: Path) -> None:
    write_variant(site, site)
    catalogue = load(site).catalogue
    assert catalogue is not None
    (variant,) = catalogue.unit("2026-11").film.variants
    assert variant.label == "省流量"
    assert variant.file.endswith("/film-small.mp4")
    assert variant.file != catalogue.unit("2026-11").film.file


def test_a_variant_may_stand_in_a_list_without_a_label(site: Path) -> None:
    write_variant(site, site)
    page = site / FILM
    plain = page.read_text(encoding="utf-8").replace(
        "  - file: film-small.mp4\n    label: 省流量", "  - film-small.mp4"
    )
    page.write_text(plain, encoding="utf-8")
    catalogue = load(site).catalogue
    assert catalogue is not None
    assert catalogue.unit("2026-11").film.variants[0].label == ""


def test_large_films_stand_outside_git_and_the_check_knows_them(site: Path, tmp_path: Path) -> None:
    root = tmp_path / "films"
    write_variant(site, root)
    missing = [problem.reason for problem in check(site)]
    assert len(missing) == 1
    assert "找不到" in missing[0] % {"name": "x", "meant": "y"}
    assert check(site, media_root=root) == ()


def test_publishing_keeps_a_copy_of_a_large_film(site: Path, target: Path, shelf: Shelf, tmp_path: Path) -> None:
    root = tmp_path / "films"
    file = write_variant(site, root)
    assert publish(site, target, media_root=root).version is not None
    url = shelf.current().unit("2026-11").film.variants[0].file
    kept = shelf.media_folder / url.split("/")[2]
    assert kept.read_bytes() == file.read_bytes()
    file.unlink()
    assert publish(site, target, media_root=root).version is None
    assert kept.exists()


def test_no_link_leads_out_of_the_folder_of_large_films(site: Path, tmp_path: Path) -> None:
    root = tmp_path / "films"
    file = write_variant(site, root)
    elsewhere = file.rename(tmp_path / "elsewhere.mp4")
    file.symlink_to(elsewhere)
    assert [problem.file for problem in check(site, media_root=root)] == [FILM]


def test_a_large_film_must_be_what_its_name_says(site: Path, tmp_path: Path) -> None:
    root = tmp_path / "films"
    write_variant(site, root).write_bytes(b"MZ not a film at all")
    (problem,) = check(site, media_root=root)
    assert "后缀不符" in problem.reason
