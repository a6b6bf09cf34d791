"""Long texts in parts that Telegram takes: cut at line ends, each part with its tags closed."""

from __future__ import annotations

import re

TEXT_LIMIT = 4096  # https://core.telegram.org/bots/api#sendmessage


def split(text: str, limit: int = TEXT_LIMIT) -> list[str]:
    """Cut a long HTML text at line ends into parts of at most `limit` characters, closing and reopening its tags.

    Telegram counts UTF-16 units, so a text with emoji or rare characters is cut at half the number.
    """
    if max(text, default="") > "\uffff":
        limit //= 2
    parts, rest = [], str(text)
    while len(rest) > limit:
        cut = _cut(rest, limit - _ROOM_FOR_TAGS)
        part = rest[:cut]
        opened: list[str] = []
        for closing, tag in _TAG.findall(part):
            if closing:
                opened.pop()
            else:
                opened.append(tag)
        parts.append(part + "".join(f"</{tag.split()[0]}>" for tag in reversed(opened)))
        rest = "".join(f"<{tag}>" for tag in opened) + rest[cut:].lstrip("\n")
    return [*parts, rest]


_TAG = re.compile(r"<(/?)([^<>]+)>")
_ROOM_FOR_TAGS = 64


def _cut(text: str, limit: int) -> int:
    for end in ("\n", "。", " "):
        if (cut := text.rfind(end, limit // 2, limit)) > 0:
            limit = cut + 1
            break
    for opening, closing in (("<", ">"), ("&", ";")):  # never inside a tag or an entity
        start = text.rfind(opening, 0, limit)
        if start > text.rfind(closing, 0, limit):
            limit = start
    return max(limit, 1)
