"""A picture is made anew: upright, no larger than print needs, and nothing of the file that was sent is left."""

import io

import pytest
from PIL import Image

from learnhub.attendance.rules import LONGEST_SIDE, TOO_MANY_PIXELS, NoPicture
from learnhub.attendance.service import made_anew
from tests.attendance.images import huge, photo, with_everything


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data), formats=("JPEG",))


def is_red(pixel: object) -> bool:
    red, green, blue = pixel  # type: ignore[misc]
    return bool(red > 180 and green < 90 and blue < 90)


def test_place_camera_profile_and_comment_are_gone() -> None:
    sent = with_everything()
    assert all(
        mark in sent for mark in (b"Exif", b"PhoneMaker", b"where-we-live", b"ICC_PROFILE")
    )  # else this proves nothing
    assert opened(sent).getexif().get_ifd(0x8825)
    kept = made_anew(sent).jpeg
    assert not any(mark in kept for mark in (b"Exif", b"PhoneMaker", b"where-we-live", b"ICC_PROFILE"))
    picture = opened(kept)
    assert not picture.getexif() and set(picture.info) <= {
        "jfif",
        "jfif_version",
        "jfif_unit",
        "jfif_density",
        "progressive",
        "progression",
    }


@pytest.mark.parametrize(("orientation", "corner"), [(1, (2, 2)), (3, (57, 37)), (6, (37, 2)), (8, (2, 57))])
def test_a_picture_stands_upright(orientation: int, corner: tuple[int, int]) -> None:
    """The red corner is where the phone's hint says."""
    made = made_anew(with_everything(orientation))
    assert (made.width, made.height) == ((60, 40) if orientation in (1, 3) else (40, 60))
    assert is_red(opened(made.jpeg).getpixel(corner))


def test_a_large_picture_becomes_small_enough_and_a_small_one_stays() -> None:
    assert (made_anew(photo((3000, 1500))).width, made_anew(photo((3000, 1500))).height) == (
        LONGEST_SIDE,
        LONGEST_SIDE // 2,
    )
    assert (made_anew(photo()).width, made_anew(photo()).height) == (60, 40)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_each_kind_of_picture_becomes_a_jpeg_and_the_same_one_the_same(form: str) -> None:
    made = made_anew(photo(form=form))
    assert made.jpeg[:3] == b"\xff\xd8\xff" and is_red(opened(made.jpeg).getpixel((2, 2)))
    assert made_anew(photo(form=form)) == made


def test_what_is_transparent_is_white() -> None:
    file = io.BytesIO()
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(file, "PNG")
    assert opened(made_anew(file.getvalue()).jpeg).getpixel((4, 4)) == (255, 255, 255)


@pytest.mark.parametrize("tail", [b"PK\x03\x04 a zip", b"<script>alert(1)</script>", b"%PDF-1.7", b"GIF89a/*"])
def test_what_hangs_behind_a_picture_is_lost(tail: bytes) -> None:
    sent = photo() + tail
    made = made_anew(sent)
    assert tail not in made.jpeg and made == made_anew(photo())


@pytest.mark.parametrize("side", [20_000, 12_000, 4_100])
def test_a_bomb_is_refused_by_its_head(side: int) -> None:
    """20 000 × 20 000 pixels in a hundred bytes; decoded, they would fill a gigabyte."""
    with pytest.raises(NoPicture) as refused:
        made_anew(huge(side))
    assert refused.value.message == TOO_MANY_PIXELS


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC"),
        (b"\0\0\0\x1cftypavif\0\0\0\0", "HEIC"),
        (b"%PDF-1.7\n%", "文档"),
        (b"PK\x03\x04\x14\0 word/document.xml", "文档"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "文档"),
        (b"", "不是照片"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "不是照片"),
        (photo(form="GIF"), "不是照片"),
        (photo(form="BMP"), "不是照片"),
        (photo()[:200], "不是照片"),
        (huge(100), "不是照片"),
    ],
    ids=["heic", "avif", "pdf", "docx", "doc", "empty", "svg", "gif", "bmp", "torn jpeg", "torn png"],
)
def test_anything_else_is_refused_in_words_that_help(data: bytes, words: str) -> None:
    with pytest.raises(NoPicture, match=words) as refused:
        made_anew(data)
    assert refused.value.field == "file"
