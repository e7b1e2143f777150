"""Pages are sent compressed to who asks for it: a weak network is most of what a page costs its reader.

What is compressed together can betray a secret in it by its length (BREACH), so each answer is a random little longer.
"""

import secrets
import struct
import zlib

from flask import Flask, Response, request

# Level 5 is within two per cent of 9 on our pages and takes half the time.
_LEVEL = 5
_SMALLEST = 1000
_LONGEST_PADDING = 48
_KINDS = frozenset(
    {"text/html", "application/json", "text/calendar", "application/manifest+json", "text/javascript", "image/svg+xml"}
)
# A gzip header with a file name (flag 8), without a time, from no particular system.
_HEAD = b"\x1f\x8b\x08\x08\x00\x00\x00\x00\x00\xff"


def init_app(app: Flask) -> None:
    """Compress what `app` answers, where it is text and not compressed already."""
    app.after_request(_compress)


def gzipped(body: bytes, padding: int) -> bytes:
    """`body` as gzip, with a file name of `padding` characters in its header, which readers skip."""
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = packer.compress(body) + packer.flush()
    tail = struct.pack("<LL", zlib.crc32(body), len(body) & 0xFFFFFFFF)
    return b"".join((_HEAD, b"x" * padding, b"\x00", packed, tail))


def _compress(response: Response) -> Response:
    if response.mimetype not in _KINDS:
        return response
    response.vary.add("Accept-Encoding")
    if response.status_code == 206 or "Content-Encoding" in response.headers or not _wanted():
        return response
    response.direct_passthrough = False
    body = response.get_data()
    if len(body) >= _SMALLEST:
        response.set_data(gzipped(body, 1 + secrets.randbelow(_LONGEST_PADDING)))
        response.headers["Content-Encoding"] = "gzip"
        etag, weak = response.get_etag()
        if etag and not weak:
            response.set_etag(etag, weak=True)  # the same words in other bytes
    return response


def _wanted() -> bool:
    return request.method != "HEAD" and request.accept_encodings["gzip"] > 0
