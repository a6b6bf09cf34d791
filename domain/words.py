"""Words that people type: cleaned without changing what they mean, and compared as people compare them."""

from __future__ import annotations

import re
import unicodedata

# Invisible characters that turn text around or hide in it: bidirectional controls (UAX #9), zero-width marks
# except the joiners that scripts and emoji need, and the byte order mark.
_HIDDEN = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200B, 0x200E, 0x200F, 0xFEFF, 0x2060])
_UNWANTED = {"Cc", "Cs", "Co", "Cn"}  # control characters, halves of others, and what is not a character
# Letters and signs that are drawn as nothing; with marks and joiners alone they are no text.
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile(r"[ \t\u00a0\u3000]+")
_EMPTY_LINES = re.compile(r"\n{3,}")


def clean(text: str) -> str:
    """Return the text without invisible tricks, control characters and useless space; lines are kept.

    Nothing is left of a text in which there is nothing to see.
    """
    text = unicodedata.normalize("NFC", _LINE_ENDS.sub("\n", text)).translate(_HIDDEN)
    if not text.replace("\n", "").isprintable():
        text = "".join(char for char in text if char == "\n" or unicodedata.category(char) not in _UNWANTED)
    if not any(unicodedata.category(char)[0] in "LNPS" and char not in _BLANK for char in text):
        return ""
    lines = (_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    return _EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip()


def clean_line(text: str) -> str:
    """Return the text as one line."""
    return _SPACES.sub(" ", clean(text).replace("\n", " "))


def key(text: str) -> str:
    """Return what two writings of the same name have in common: width, case and spaces do not count."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()


def whole_number(text: str) -> int:
    """Return a number of up to nine ASCII digits, as a button of ours carries it; 0 for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def shorten(text: str, limit: int) -> str:
    """Return at most `limit` characters, ending in an ellipsis where something is left out."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
