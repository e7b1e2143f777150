"""Files that are served as they are: their digests, the size of pictures, and what makes one unfit to serve."""

import hashlib
import re
import struct
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from io import BufferedRandom, BufferedReader
from pathlib import Path

from learnhub.content.schema import Media
from learnhub.core.text import N_

PICTURES = (".svg", ".png", ".jpg", ".jpeg", ".webp")
FILMS = (".mp4", ".webm")
CAPTIONS = (".vtt",)
DOCUMENTS = (".pdf",)
LARGEST = {".svg": 512 * 1024, ".vtt": 256 * 1024, ".mp4": 64 * 1024 * 1024, ".webm": 64 * 1024 * 1024}
LARGEST_OTHER = 4 * 1024 * 1024
# A film in the folder of large files, outside git.
LARGEST_FILM = 4 * 1024 * 1024 * 1024

# What could act instead of being looked at: scripts, handlers, embedded pages, things fetched from elsewhere, entities.
_ACTIVE = re.compile(
    rb"<!doctype|<!entity|<script|<foreignobject|<iframe|\son\w+\s*=\s*[\"']|javascript:|href\s*=\s*[\"']\s*(?!#|data:image/(png|jpeg))"
    rb"|url\(\s*[\"']?\s*(?!#)|@import",
    re.IGNORECASE,
)
_MAGIC = {
    ".png": (b"\x89PNG\r\n\x1a\n",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
    ".webp": (b"RIFF",),
    ".webm": (b"\x1aE\xdf\xa3",),
    ".vtt": (b"WEBVTT", b"\xef\xbb\xbfWEBVTT"),
    ".pdf": (b"%PDF-",),
}
_LENGTH = re.compile(r"\s*(\d+(?:\.\d+)?)(px)?\s*")


class Unfit(Exception):
    """The file cannot be served; the reason is a message id."""

    def __init__(self, reason: str, **values: object) -> None:
        super().__init__(reason)
        self.reason, self.values = reason, values


@dataclass(frozen=True, slots=True)
class Measured:
    """A file with its picture size in pixels, where it is a picture and says so."""

    media: Media
    size: tuple[int, int] | None


def measure(folder: Path, path: str) -> Measured:
    """Digest, check and measure one file. Raises Unfit, or OSError when it cannot be read."""
    suffix = Path(path).suffix.lower()
    limit = LARGEST.get(suffix, LARGEST_OTHER)
    with (folder / path).open("rb") as stream:
        raw = stream.read(limit + 1)
    if len(raw) > limit:
        raise Unfit(N_("文件太大（超过 %(limit)s KB）：%(path)s"), limit=limit // 1024, path=path)
    _check_kind(raw[:16], suffix, path)
    media = Media(path=path, digest=hashlib.sha256(raw).hexdigest()[:32], size=len(raw))
    return Measured(media, _picture_size(raw, suffix, path))


def inside(root: Path, path: str) -> Path | None:
    """The file at `path` below the folder of large files, None when there is none or a link leads out of it."""
    file = (root / path).resolve()
    return file if file.is_relative_to(root.resolve()) and file.is_file() else None


def measure_large(file: Path, path: str) -> Measured:
    """Digest and check a film that may be larger than memory. Raises Unfit, or OSError when it cannot be read."""
    suffix = Path(path).suffix.lower()
    size = file.stat().st_size
    if size > LARGEST_FILM:
        raise Unfit(N_("文件太大（超过 %(limit)s KB）：%(path)s"), limit=LARGEST_FILM // 1024, path=path)
    with file.open("rb") as stream:
        head = stream.read(16)
        stream.seek(0)
        digest = digest_of(stream)
    _check_kind(head, suffix, path)
    return Measured(Media(path=path, digest=digest, size=size), None)


def digest_of(stream: BufferedReader | BufferedRandom) -> str:
    """The digest by which a file is named, read piece by piece."""
    return hashlib.file_digest(stream, "sha256").hexdigest()[:32]


def _check_kind(head: bytes, suffix: str, path: str) -> None:
    if not head.startswith(_MAGIC.get(suffix, (b"",))) or (suffix == ".mp4" and head[4:8] != b"ftyp"):
        raise Unfit(N_("文件的内容和它的后缀不符：%(path)s"), path=path)


def _picture_size(raw: bytes, suffix: str, path: str) -> tuple[int, int] | None:
    if suffix == ".svg":
        return _svg_size(raw, path)
    if suffix == ".png" and len(raw) >= 24:
        return struct.unpack(">II", raw[16:24])
    if suffix in (".jpg", ".jpeg"):
        return _jpeg_size(raw)
    return None


def _svg_size(raw: bytes, path: str) -> tuple[int, int] | None:
    if _ACTIVE.search(raw):
        raise Unfit(N_("图里有脚本、外部引用或实体定义，不能用：%(path)s"), path=path)
    try:
        root = ET.fromstring(raw)  # noqa: S314 (no DOCTYPE, no entities: refused above; and this is the child)
    except (ET.ParseError, ValueError, LookupError):
        raise Unfit(N_("SVG 图读不出来：%(path)s"), path=path) from None
    width, height = (_LENGTH.fullmatch(root.get(side, "")) for side in ("width", "height"))
    if width and height:
        return round(float(width[1])), round(float(height[1]))
    box = root.get("viewBox", "").replace(",", " ").split()
    if len(box) == 4 and _LENGTH.fullmatch(box[2]) and _LENGTH.fullmatch(box[3]):
        return round(float(box[2])), round(float(box[3]))
    return None


def _jpeg_size(raw: bytes) -> tuple[int, int] | None:
    place = 2
    while place + 9 < len(raw) and raw[place] == 0xFF:
        marker, length = raw[place + 1], int.from_bytes(raw[place + 2 : place + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", raw[place + 5 : place + 9])
            return width, height
        place += 2 + length
    return None
