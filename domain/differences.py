"""What changed between two versions of a text, as a person would mark it: words in Latin script, Chinese by characters.

Sentences that stand in both are found first, and only a sentence that was changed is looked at more closely; where
little of it is left, it counts as rewritten. So a text of any length is compared in a few milliseconds, and nobody
has to read confetti.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# Behind the signs that end a sentence, also the full-width ones, and behind a line; "37.5" is one number.
_SENTENCE_ENDS = re.compile(r"(?<=[\u3002\uff01\uff1f\uff1b!?\n])|(?<=[.;])(?=\s)")
# A number is one; ideographs and kana are taken one by one, other letters and digits by words.
_TOKENS = re.compile(
    r"\d+(?:[.,]\d+)+|[^\W\u2e80-\u31ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+|\s+|.", re.DOTALL
)
_WORK = 250_000  # pairs of pieces that are compared at most; what needs more counts as rewritten
_KEPT = 0.4  # the share of a changed sentence that has to be left for its words to be marked one by one


class Change(StrEnum):
    """What became of a piece of text."""

    KEPT = "kept"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some of the text: without the added ones all pieces are the earlier text, without the removed ones the later."""

    change: Change
    text: str


def pieces(before: str, after: str) -> tuple[Piece, ...]:
    """Compare two versions of a text; neighbours differ in what became of them."""
    found: list[Piece] = []
    for piece in _by_sentences(before, after):
        if found and found[-1].change is piece.change:
            piece = Piece(piece.change, found.pop().text + piece.text)  # noqa: PLW2901 - joined with its neighbour
        if piece.text:
            found.append(piece)
    return tuple(found)


def shortened(found: Sequence[Piece], around: int) -> list[Piece]:
    """Leave out what was kept, but for so many characters behind and before a change."""
    last = len(found) - 1
    return [
        _cut(piece, around * (number > 0), around * (number < last)) if piece.change is Change.KEPT else piece
        for number, piece in enumerate(found)
    ]


def _cut(piece: Piece, head: int, tail: int) -> Piece:
    """Keep so many characters at either end."""
    if len(piece.text) <= head + tail + 1:
        return piece
    end = piece.text[len(piece.text) - tail :] if tail else ""
    return Piece(Change.KEPT, f"{piece.text[:head]}…{end}")


def _by_sentences(before: str, after: str) -> Iterator[Piece]:
    old, new = _SENTENCE_ENDS.split(before), _SENTENCE_ENDS.split(after)
    for same, gone, come in _blocks(old, new):
        if same:
            yield Piece(Change.KEPT, "".join(gone))
        else:
            yield from _by_words("".join(gone), "".join(come))


def _by_words(before: str, after: str) -> Iterator[Piece]:
    old, new = _TOKENS.findall(before), _TOKENS.findall(after)
    found = _readable(_blocks(old, new))
    left = sum(len(token) for same, gone, _come in found if same for token in gone)
    if left < _KEPT * min(len(before), len(after)):
        found = [(False, old, new)]
    for same, gone, come in found:
        if same:
            yield Piece(Change.KEPT, "".join(gone))
        else:
            yield Piece(Change.REMOVED, "".join(gone))
            yield Piece(Change.ADDED, "".join(come))


# Whether a block stands in both texts, its tokens in the earlier and in the later one.
_Block: TypeAlias = "tuple[bool, Sequence[str], Sequence[str]]"


def _blocks(old: Sequence[str], new: Sequence[str]) -> list[_Block]:
    """Cut two sequences into what they share and what they do not, in their order."""
    start = _shared(old, new)
    end = _shared(old[start:][::-1], new[start:][::-1])
    middle_old, middle_new = old[start : len(old) - end], new[start : len(new) - end]
    found: list[_Block] = [(True, old[:start], new[:start])]
    if len(middle_old) * len(middle_new) > _WORK:
        found.append((False, middle_old, middle_new))
    else:
        for tag, a, b, c, d in SequenceMatcher(None, middle_old, middle_new).get_opcodes():
            found.append((tag == "equal", middle_old[a:b], middle_new[c:d]))
    found.append((True, old[len(old) - end :], new[len(new) - end :]))
    return [block for block in found if block[1] or block[2]]


def _shared(old: Sequence[str], new: Sequence[str]) -> int:
    """Count how many elements two sequences begin with in common."""
    number = 0
    for one, other in zip(old, new, strict=False):
        if one != other:
            break
        number += 1
    return number


def _readable(found: list[_Block]) -> list[_Block]:
    """Take a single character, or a space, that is left between two changes, as changed with them."""
    joined: list[_Block] = []
    for number, (same, gone, come) in enumerate(found):
        between = 0 < number < len(found) - 1
        changed = not same or (between and len("".join(gone).strip()) <= 1)
        if changed and joined and not joined[-1][0]:
            _, was, became = joined.pop()
            joined.append((False, [*was, *gone], [*became, *come]))
        else:
            joined.append((not changed, gone, come))
    return joined
