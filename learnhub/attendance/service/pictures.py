"""Pictures: made anew from their pixels, so that nothing of the file that was sent is kept; and where they lie."""

import hashlib
import io
import os
import warnings
from pathlib import Path

from PIL import Image, ImageOps

from learnhub.attendance.rules import (
    LONGEST_SIDE,
    MOST_PIXELS,
    MOST_PIXELS_JPEG,
    TOO_MANY_PIXELS,
    NoPicture,
    PictureValue,
    check_kind,
)
from learnhub.core.files import write_whole

_FORMATS = ("JPEG", "PNG", "WEBP")
_DECODED_WHOLE = ("PNG", "WEBP")
_QUALITY = 85
_WHITE = (255, 255, 255)


def made_anew(data: bytes) -> PictureValue:
    """The picture in `data` (JPEG, PNG or WebP) as a JPEG of at most 2000 pixels a side, upright, and nothing else of it.

    Its place, camera, comments, profile, and whatever hangs behind it are gone, since only the pixels are taken over. How
    many pixels there are is read off the head before any is decoded. Raises NoPicture with what to do instead. The
    same data give the same bytes.
    """
    check_kind(data[:16])
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what Pillow finds odd about a file is no news to anybody here
            return _kept(_pixels(data))
    except NoPicture:
        raise
    except Image.DecompressionBombError as error:  # Pillow's own limit, read off the head like ours
        raise NoPicture(TOO_MANY_PIXELS) from error
    except Exception as error:  # a decoder that meets a damaged file raises what it likes
        raise NoPicture from error


def _pixels(data: bytes) -> Image.Image:
    """The first picture of the file, upright, no larger than is kept, on white where it was transparent."""
    with Image.open(io.BytesIO(data), formats=_FORMATS) as sent:
        if sent.width * sent.height > (MOST_PIXELS if sent.format in _DECODED_WHOLE else MOST_PIXELS_JPEG):
            raise NoPicture(TOO_MANY_PIXELS)
        sent.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is decoded small at once
        sent.load()
        plain = sent.convert("RGBA" if sent.has_transparency_data else "RGB")
        ImageOps.exif_transpose(plain, in_place=True)
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    # A new picture: one that was opened carries comments, which Pillow would write again.
    clean = Image.new("RGB", plain.size, _WHITE)
    clean.paste(plain, mask=plain.getchannel("A") if plain.mode == "RGBA" else None)
    return clean


def _kept(picture: Image.Image) -> PictureValue:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=_QUALITY, optimize=True, progressive=True)
    jpeg = file.getvalue()
    return PictureValue(jpeg, hashlib.sha256(jpeg).hexdigest(), *picture.size)


def path_of(folder: Path, sha256: str) -> Path:
    """Where the picture with this hash lies below `folder`."""
    return folder / sha256[:2] / f"{sha256}.jpg"


def store(folder: Path, picture: PictureValue) -> None:
    """Put the picture's file in its place, whole or not at all; one that lies there already counts as new again."""
    path = path_of(folder, picture.sha256)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # nobody but this server reads below it
    path.parent.mkdir(exist_ok=True)
    write_whole(path, picture.jpeg, mode=0o600)
    handle = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sweep(folder: Path, kept: set[str], before: float) -> int:
    """Erase files below `folder` that are not among the hashes `kept` and not newer than `before` (POSIX seconds).

    What was uploaded by a request that came to nothing goes with them; the newest stay, since theirs may still commit.
    Returns how many.
    """
    gone = [each for each in folder.glob("*/*") if each.stem not in kept and each.stat().st_mtime < before]
    for each in gone:
        each.unlink(missing_ok=True)
    return len(gone)
