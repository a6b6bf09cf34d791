"""The log template of a class: which sections its students are asked for, what must be there, its own questions.

A version never changes: whoever edits a template makes a new version, which holds for the weeks from a Monday on. A log
keeps the version with which it was begun.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from domain.logs import EXTRAS, WRITTEN, Section

QUESTION_LIMIT = 120  # characters of a question of the class's own
LEAST = (0, 50, 100, 150, 200, 300, 500, 800)  # characters of what was done, to choose from
LONGEST_LEAST = 1000
PHOTOS = (0, 1, 2, 3, 5)  # to choose from
VERSIONS_KEPT_PARSED = 4096


class Asked(StrEnum):
    """How a section is asked for."""

    REQUIRED = "required"
    OPTIONAL = "optional"
    OUT = "out"


# Standard sections of which a class decides how they are asked for; what was done is always required.
CHOSEN = (Section.LEARNED, Section.PROBLEMS, Section.PLAN)
_USUAL: Mapping[Section, Asked] = MappingProxyType(dict.fromkeys(CHOSEN, Asked.OPTIONAL))


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a class's own, in its coordinator's words."""

    text: str
    required: bool


@dataclass(frozen=True, slots=True)
class Template:
    """What is asked: `least` is the number of characters of what was done, `photos` that of pictures.

    `leasts` are the sections that are asked for, in order, with the number of characters that each needs at least.
    """

    asked: Mapping[Section, Asked] = field(default_factory=lambda: _USUAL)
    least: int = 0
    photos: int = 0
    questions: Mapping[Section, Question] = field(default_factory=dict)
    leasts: Mapping[Section, int] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        ways = {section: how for section in WRITTEN if (how := self.how(section)) is not Asked.OUT}
        leasts = {section: int(how is Asked.REQUIRED) for section, how in ways.items()}
        leasts[Section.DONE] = max(self.least, 1)
        object.__setattr__(self, "leasts", leasts)  # worked out once: every step of a log asks for it

    @property
    def sections(self) -> tuple[Section, ...]:
        """The sections that are asked for, in order."""
        return tuple(self.leasts)

    def how(self, section: Section) -> Asked:
        """Say how a section is asked for."""
        if section is Section.DONE:
            return Asked.REQUIRED
        if section in self.questions:
            return Asked.REQUIRED if self.questions[section].required else Asked.OPTIONAL
        return self.asked.get(section, Asked.OUT)

    @property
    def free(self) -> Section | None:
        """The section that the next question of the class's own gets; None where there are as many as there may be."""
        return next((section for section in EXTRAS if section not in self.questions), None)

    def asking(self, section: Section, how: Asked) -> Template:
        """Return the template with a section asked for in this way; a question that is left out is forgotten."""
        if section in CHOSEN:
            return replace(self, asked={**self.asked, section: how})
        kept = {its: question for its, question in self.questions.items() if its is not section}
        if how is Asked.OUT or section not in self.questions:
            return replace(self, questions=kept)
        return self.with_question(section, replace(self.questions[section], required=how is Asked.REQUIRED))

    def with_question(self, section: Section, question: Question) -> Template:
        """Return the template with a question of the class's own."""
        return replace(self, questions={**self.questions, section: question})

    def content(self) -> str:
        """Return what is kept of it, as `parse` reads it; equal templates give equal texts."""
        said: dict[str, Any] = {
            "asked": {section.value: self.asked[section].value for section in CHOSEN},
            "least": self.least,
            "photos": self.photos,
            "questions": {
                section.value: {"text": self.questions[section].text, "required": self.questions[section].required}
                for section in EXTRAS
                if section in self.questions
            },
        }
        return json.dumps(said, ensure_ascii=False)


USUAL = Template()  # of a class that has never changed it


@lru_cache(maxsize=VERSIONS_KEPT_PARSED)
def parse(content: str | None) -> Template:
    """Read what `content` returned; None is the usual template."""
    if content is None:
        return USUAL
    said = json.loads(content)
    asked = {Section(name): Asked(how) for name, how in said.get("asked", {}).items()}
    questions = {
        Section(name): Question(question["text"], bool(question["required"]))
        for name, question in said.get("questions", {}).items()
    }
    return Template({**_USUAL, **asked}, said.get("least", 0), said.get("photos", 0), questions)


def is_possible(template: Template) -> bool:
    """Whether a template is one that coordinators can make."""
    return (
        template.asked.keys() == set(CHOSEN)
        and 0 <= template.least <= LONGEST_LEAST
        and 0 <= template.photos <= PHOTOS[-1]
        and template.questions.keys() <= set(EXTRAS)
        and all(0 < len(question.text) <= QUESTION_LIMIT for question in template.questions.values())
    )


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a class's template; the usual one has the number 0 and holds from no week in particular on."""

    number: int
    valid_from: date | None
    template: Template


@dataclass(frozen=True, slots=True)
class Templates:
    """The version that holds in a week, and the newest one, which may hold only later."""

    now: Version
    newest: Version

    @property
    def coming(self) -> Version | None:
        """The version that asks something else from a later week on."""
        return None if self.newest.template == self.now.template else self.newest
