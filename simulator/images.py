"""Pictures out of nothing: grey JPEGs of any size, each with its own bytes; and the sizes of given ones."""

import struct
from functools import lru_cache

_JPEG_FRAMES = {0xC0, 0xC1, 0xC2, 0xC3}
# One Huffman code of one bit: "no difference" for DC, "end of block" for AC. So a block is two zero bits.
_ONE_CODE = bytes([1] + [0] * 15 + [0])


def jpeg(width: int, height: int, mark: str) -> bytes:
    """Return a grey baseline JPEG; the mark, a comment in it, makes equal sizes differ in their bytes."""
    head, rest = _frame(width, height)
    note = mark.encode()
    return head + b"\xff\xfe" + struct.pack(">H", len(note) + 2) + note + rest


@lru_cache(maxsize=32)
def _frame(width: int, height: int) -> tuple[bytes, bytes]:
    def segment(marker: int, payload: bytes) -> bytes:
        return struct.pack(">BBH", 0xFF, marker, len(payload) + 2) + payload

    head = b"\xff\xd8" + segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0")
    tables = segment(0xDB, b"\0" + b"\1" * 64)
    tables += segment(0xC0, struct.pack(">BHHB", 8, height, width, 1) + b"\1\x11\0")
    tables += segment(0xC4, b"\0" + _ONE_CODE) + segment(0xC4, b"\x10" + _ONE_CODE)
    blocks = -(-width // 8) * -(-height // 8)
    whole, left = divmod(2 * blocks, 8)
    scan = b"\0" * whole + (bytes([0xFF >> left]) if left else b"")
    return head, tables + segment(0xDA, b"\1\1\0\0\x3f\0") + scan + b"\xff\xd9"


def dimensions(content: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG, JPEG, GIF or WebP, or None when it is no picture."""
    if content[:8] == b"\x89PNG\r\n\x1a\n" and len(content) >= 24:
        return struct.unpack(">II", content[16:24])
    if content[:2] == b"\xff\xd8":
        return _jpeg_dimensions(content)
    if content[:4] == b"GIF8" and len(content) >= 10:
        return struct.unpack("<HH", content[6:10])
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return 512, 512
    return None


def content_type(content: bytes) -> str | None:
    """Return the type of a picture or sound that a browser may show, by its first bytes."""
    if content[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(content[8:12])
    known = ((b"\x89PNG", "image/png"), (b"\xff\xd8", "image/jpeg"), (b"GIF8", "image/gif"), (b"OggS", "audio/ogg"))
    return next((kind for magic, kind in known if content.startswith(magic)), None)


def _jpeg_dimensions(content: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if marker in _JPEG_FRAMES:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return None


def photo_sizes(width: int, height: int) -> list[tuple[int, int]]:
    """Return the sizes in which Telegram keeps a photo, smallest first, the last at most 1,280 a side."""
    longest = max(width, height)
    sides = [side for side in (90, 320, 800) if side < longest] + [min(longest, 1280)]
    return [(max(1, width * side // longest), max(1, height * side // longest)) for side in sides]
