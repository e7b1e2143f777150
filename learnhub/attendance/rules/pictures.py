"""What may be attached to a record: at most three pictures, and what is said of anything else."""

import dataclasses
import datetime as dt

from learnhub.core.errors import DomainError
from learnhub.core.text import N_

# 党内整治形式主义的要求：照片可有可无，附件不超过三个（docs/counting.md, What is never counted）。
MOST_ATTACHMENTS = 3
# How long a withdrawn picture can be put back before its file is erased.
KEPT_WITHDRAWN = dt.timedelta(days=30)
# Pixels on the longer side of what is kept: a page of A4 at 170 dots an inch.
LONGEST_SIDE = 2000
# More pixels than this are not decoded at all. A phone's usual photo has 12 to 50 million, and as a JPEG it is decoded
# small at once; a PNG or WebP is decoded whole, and screens have fewer than 16 million.
MOST_PIXELS_JPEG, MOST_PIXELS = 50_000_000, 16_000_000
LONGEST_CAPTION = 200

_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis")
_HEIC = N_("这是苹果手机的 HEIC 照片，很多电脑打不开。请打开照片截一张图再传，或者把手机的 设置→相机→格式 改成“兼容性最佳”以后重拍。")  # fmt: skip
_DOCUMENT = N_("这是文档，这里只收照片（JPEG、PNG、WebP）。要附哪一页，请拍照或者截图再传；原件由支部自己存档。")
_OTHER = N_("这个文件不是照片，或者已经损坏。请换一张 JPEG、PNG 或 WebP 照片。")
TOO_MANY_PIXELS = N_("这张照片的尺寸太大。请在手机上打开它，截一张图再传。")


class NoPicture(DomainError):
    """What was sent is no picture that can be kept; the message says what to do."""

    def __init__(self, message: str = _OTHER, **values: object) -> None:
        super().__init__(message, field="file", **values)


@dataclasses.dataclass(frozen=True, slots=True)
class PictureValue:
    """A picture as it is kept: a JPEG without anything beside the picture itself, and the hash it is named by."""

    jpeg: bytes
    sha256: str
    width: int
    height: int


def check_kind(head: bytes) -> None:
    """Refuse what is known by its first bytes and can be told better than "no picture". Raises NoPicture."""
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS:
        raise NoPicture(_HEIC)
    # PDF; the zip of .docx, .xlsx and WPS; the older .doc and .wps.
    if head.startswith((b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{\\rtf")):
        raise NoPicture(_DOCUMENT)
