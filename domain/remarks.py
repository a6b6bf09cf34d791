"""What a reviewer says beside a decision: remarks on single parts of a log, and ready ones, which are kept as codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.logs import Section

MOST_STARS = 5
# Ready remarks: praise first, then what would help next time. Each reader reads them in their own language.
CHIPS = ("observed", "written", "progress", "specific", "numbers", "why", "safety", "ask_sooner")


MOST_PHRASES = 8  # of a reviewer's own, as many as there are ready ones
PHRASE_LIMIT = 80  # characters
VOICE_LIMIT = 300  # seconds of a voice note; who has more to say calls, or visits


@dataclass(frozen=True, slots=True)
class Phrase:
    """What a reviewer says again and again, in their own words."""

    id: int
    text: str


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice note, with what was written under it."""

    telegram_file_id: str
    seconds: int
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Remarks:
    """What one reviewer noted about one submission; `chips` are codes in the order of CHIPS.

    The voice note about None is about the whole of it.
    """

    sections: Mapping[Section, str] = field(default_factory=dict)
    chips: tuple[str, ...] = ()
    phrases: tuple[Phrase, ...] = ()
    voices: Mapping[Section | None, Voice] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return self.in_words or bool(self.voices)

    @property
    def in_words(self) -> bool:
        """Whether something of it can be read."""
        return bool(self.sections or self.chips or self.phrases)


def length_of(seconds: int) -> str:
    """Return how long a voice note is, as players show it: "0:42"."""
    return f"{seconds // 60}:{seconds % 60:02}"


def together(first: Remarks, second: Remarks) -> Remarks:
    """Return what two reviewers noted about one submission, the first one's before the other's."""
    said = {
        section: "\n".join(filter(None, (first.sections.get(section), second.sections.get(section))))
        for section in Section
        if section in first.sections or section in second.sections
    }
    chips = tuple(code for code in CHIPS if code in {*first.chips, *second.chips})
    return Remarks(said, chips, (*first.phrases, *second.phrases), {**first.voices, **second.voices})


def stars(number: int) -> str:
    """Return a number of stars as everybody reads it: "★★★★☆"."""
    return "★" * number + "☆" * (MOST_STARS - number)
