"""Entities of a text: offsets in UTF-16, cleaning and trimming as Telegram does, finding commands and links.

The Bot API counts offsets and lengths in UTF-16 code units (core.telegram.org/bots/api#messageentity), so
the limits of 4,096 and 1,024 characters are counted in them here too.
"""

import re
from typing import Any

Entity = dict[str, Any]

# Outer entities come first when two cover the same characters, with TDLib's order of precedence.
_ORDER = ("expandable_blockquote", "blockquote", "pre", "code", "text_mention", "text_link")
_LAST = ("custom_emoji", "bold", "italic", "underline", "strikethrough", "spoiler")
_RANK = {kind: rank for rank, kind in enumerate((*_ORDER, "", *_LAST))}

_FOUND = re.compile(
    r"(?P<url>(?:https?|ftp)://[^\s<>\"']+[^\s<>\"'.,;:!?)\]}…。，；：！？）】」、]"
    r"|(?<![\w@./-])(?:[a-zA-Z0-9-]+\.)+(?:com|org|net|edu|gov|info|io|cn|me|dev|app|de|eu|uk)"
    r"(?![\w@.-])(?:/[^\s<>\"']*[^\s<>\"'.,;:!?)\]}])?)"
    r"|(?P<email>(?<![\w.+-])[\w.+-]+@[a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)*\.[a-zA-Z]{2,}(?![\w-]))"
    r"|(?P<bot_command>(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/<>]))"
    r"|(?P<mention>(?<![\w@])@[A-Za-z0-9_]{3,32}(?!\w))"
    r"|(?P<hashtag>(?<![\w#])#(?=\w*[^\W\d])\w{1,256}(?![\w#]))",
)
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_DROPPED = re.compile("[\r\u2028-\u202e\ud800-\udfff]")
_MAYBE = re.compile(r"[/@#.]")


def utf16_length(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def utf16_offsets(text: str) -> list[int]:
    """Return the UTF-16 offset of each character, and of the end."""
    offsets = [0]
    for char in text:
        offsets.append(offsets[-1] + (2 if ord(char) > 0xFFFF else 1))
    return offsets


def slice_utf16(text: str, offset: int, length: int) -> str:
    raw = text.encode("utf-16-le", "surrogatepass")[2 * offset : 2 * (offset + length)]
    return raw.decode("utf-16-le", "replace")


def cleaned(text: str) -> str:
    """Return the text without what Telegram removes: carriage returns, bidi overrides, control characters."""
    return _CONTROL.sub(" ", _DROPPED.sub("", text))


def trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Return the text without white space at its ends; an entity keeps the leading spaces that it covers."""
    text = text.rstrip(" \n")
    first = min((entity["offset"] for entity in entities), default=len(text))
    lead = 0
    while lead < min(first, len(text)) and text[lead] in " \n":
        lead += 1
    text = text[lead:]
    if not entities:
        return text, entities
    end = utf16_length(text)
    kept = []
    for entity in entities:
        offset = entity["offset"] - lead
        length = min(entity["length"], end - offset)
        if length > 0:
            kept.append({**entity, "offset": offset, "length": length})
    return text, kept


def with_found(text: str, entities: list[Entity]) -> list[Entity]:
    """Return the entities with the commands, links, mentions, addresses and hashtags that the text has."""
    if _MAYBE.search(text) is None:
        return entities
    offsets = None
    taken = [(e["offset"], e["offset"] + e["length"]) for e in entities if e["type"] in _RANK_EXCLUSIVE]
    found = []
    for match in _FOUND.finditer(text):
        offsets = offsets or (list(range(len(text) + 1)) if text.isascii() else utf16_offsets(text))
        start, end = offsets[match.start()], offsets[match.end()]
        if not any(start < right and left < end for left, right in taken):
            found.append({"type": str(match.lastgroup), "offset": start, "length": end - start})
    return ordered(entities + found) if found else entities


_RANK_EXCLUSIVE = frozenset({"pre", "code", "text_link", "text_mention", "custom_emoji"})


def ordered(entities: list[Entity]) -> list[Entity]:
    middle = _RANK[""]
    return sorted(entities, key=lambda e: (e["offset"], -e["length"], _RANK.get(e["type"], middle)))


_SPLITTABLE = ("bold", "italic", "underline", "strikethrough", "spoiler")


def normalised(entities: list[Entity]) -> list[Entity]:
    """In order; equal styles that touch are one; nothing but quotes and links goes on inside code."""
    if not entities:
        return entities
    code = [(e["offset"], e["offset"] + e["length"]) for e in entities if e["type"] in {"pre", "code"}]
    kept = []
    for entity in entities:
        start, end = entity["offset"], entity["offset"] + entity["length"]
        if entity["type"] in _SPLITTABLE or (
            entity["type"] not in {"pre", "blockquote", "expandable_blockquote"}
            and any(left <= start and end <= right and (left, right) != (start, end) for left, right in code)
        ):
            continue
        kept.append(entity)
    for kind in _SPLITTABLE:
        spans = [(e["offset"], e["offset"] + e["length"]) for e in entities if e["type"] == kind]
        for start, end in _without(_joined(spans), code):
            kept.append({"type": kind, "offset": start, "length": end - start})
    return ordered(kept)


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _without(spans: list[tuple[int, int]], holes: list[tuple[int, int]]) -> list[tuple[int, int]]:
    for left, right in holes:
        pieces = []
        for start, end in spans:
            pieces += [(start, min(end, left)), (max(start, right), end)]
        spans = [(start, end) for start, end in pieces if start < end]
    return spans
