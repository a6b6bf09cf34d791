"""What a reviewer says beside a decision: remarks on single parts of a log, and ready ones, which are kept as codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.logs import Section

MOST_STARS = 5
# Ready remarks: praise first, then what would help next time. Each reader reads them in their own language.
CHIPS = ("observed", "written", "progress", "specific", "numbers", "why", "safety", "ask_sooner")


@dataclass(frozen=True, slots=True)
class Remarks:
    """What one reviewer noted about one submission; `chips` are codes in the order of CHIPS."""

    sections: Mapping[Section, str] = field(default_factory=dict)
    chips: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.sections or self.chips)


def together(first: Remarks, second: Remarks) -> Remarks:
    """Return what two reviewers noted about one submission, the first one's before the other's."""
    said = {
        section: "\n".join(filter(None, (first.sections.get(section), second.sections.get(section))))
        for section in Section
        if section in first.sections or section in second.sections
    }
    return Remarks(said, tuple(code for code in CHIPS if code in {*first.chips, *second.chips}))


def stars(number: int) -> str:
    """Return a number of stars as everybody reads it: "★★★★☆"."""
    return "★" * number + "☆" * (MOST_STARS - number)
