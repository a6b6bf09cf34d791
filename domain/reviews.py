"""Reviews: what a reviewer reads and answers, the ready reasons, and how long an answer is held back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from domain.logs import APPROVING, Decision, Log, Review, Section
from domain.remarks import Remarks
from domain.templates import Template

REASON_LIMIT = 1000  # characters of a reason, a remark or a word of praise
HOLD = timedelta(seconds=60)  # an approval can be undone, and a word goes with it, until then
WORD_WAITS = timedelta(minutes=15)  # what is typed later is a word only after a question

# A ready reason is kept as this and its code, so that each reader reads it in their own language.
CODE = "code:"
READY: Mapping[Decision, tuple[str, ...]] = {
    Decision.NEEDS_INFO: ("steps", "own_part", "result", "solved", "gap"),
    Decision.RETURNED: ("too_short", "learned", "own_words", "other_week", "hours", "privacy"),
    Decision.REOPENED: ("asked_for", "mistake", "hours", "privacy"),
}
# The ready reasons of whoever has made remarks, which say it all, or has said it in a voice note.
REMARKED, SPOKEN = "remarked", "spoken"


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a later submission is compared with; `files` are ids."""

    sections: Mapping[Section, str]
    hours: float | None
    files: frozenset[int]


@dataclass(frozen=True, slots=True)
class Submission:
    """A log with the content of its latest submission that was not withdrawn, and every decision on it.

    `number` counts the submissions; it is None while everything is withdrawn: then there is nothing to read.
    `before` is the one that was decided on before it.
    """

    log: Log
    number: int | None
    reviews: tuple[Review, ...]
    revision_id: int = 0
    before: Earlier | None = None

    @property
    def last(self) -> Review | None:
        """The latest decision."""
        return self.reviews[-1] if self.reviews else None

    @property
    def passed(self) -> Review | None:
        """The approval with which a mentor passed the log on to the school."""
        return next((review for review in self.reviews if review.decision is Decision.PASSED), None)

    def approval_of(self, person_id: int) -> Review | None:
        """Return somebody's approval of this submission while it holds, be it that the school approved after it."""
        last = self.last
        if last is None or last.decision not in APPROVING:
            return None
        return next(
            (
                review
                for review in reversed(self.reviews)
                if (review.reviewer_id, review.revision) == (person_id, self.number) and review.decision in APPROVING
            ),
            None,
        )


@dataclass(frozen=True, slots=True)
class Feedback:
    """A decision as its student finds it in the history."""

    review: Review
    week: date
    week_number: int
    template: Template


def coded(words: str) -> str | None:
    """Return the code of a ready reason; None for words that somebody wrote."""
    code = words.removeprefix(CODE)
    known = {REMARKED, SPOKEN, *(ready for codes in READY.values() for ready in codes)}
    return code if words.startswith(CODE) and code in known else None


def ready_for(decision: Decision, its: Remarks) -> tuple[str, ...]:
    """Return the codes of a decision's ready reasons; what was noted is one, but for opening a log again."""
    if decision is Decision.REOPENED:
        return READY[decision]
    noted = ((SPOKEN, bool(its.voices)), (REMARKED, its.in_words))
    return (*(code for code, is_there in noted if is_there), *READY[decision])
