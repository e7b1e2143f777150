"""Pictures as phones and mischief send them."""

import io
import struct
import zlib

from PIL import Image, ImageCms

GPS = {0: b"\2\3\0\0", 1: "N", 2: (28.0, 13.0, 1.0), 3: "E", 4: (112.0, 56.0, 2.0)}


def photo(size: tuple[int, int] = (60, 40), form: str = "JPEG", colour: str = "green") -> bytes:
    """A plain picture whose left upper corner is red."""
    picture = Image.new("RGB", size, colour)
    picture.paste("red", (0, 0, size[0] // 3, size[1] // 3))
    file = io.BytesIO()
    picture.save(file, form)
    return file.getvalue()


def with_everything(orientation: int = 1) -> bytes:
    """A JPEG with place, camera, orientation, thumbnail, profile and comment."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = orientation, "PhoneMaker"
    exif._ifds[0x8825] = GPS  # type: ignore[attr-defined]  # the only way to write a block that was not read
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    file = io.BytesIO()
    with Image.open(io.BytesIO(photo())) as picture:
        picture.save(file, "JPEG", exif=exif, icc_profile=profile, comment=b"where-we-live", quality=95)
    return file.getvalue()


def huge(side: int) -> bytes:
    """A PNG whose head says `side` × `side` pixels, and next to nothing behind it."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 64)) + chunk(b"IEND", b"")
