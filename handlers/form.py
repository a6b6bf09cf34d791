"""What a form is: a few questions, asked one at a time on one card, and what happens with the answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from markupsafe import Markup

from bot.send import Show
from bot.texts import N_

if TYPE_CHECKING:
    import telegram

    from bot.context import Context, View
    from bot.texts import Texts
    from domain.people import Role
    from storage.database import Transaction

CHECK = "check"  # the step at which everything is answered
CHOICES = 6  # on one page

Answers: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Choice:
    """A ready answer: the value that is kept (a short ascii word), and what the button says."""

    value: str
    label: str


Choices: TypeAlias = Callable[["Transaction", "Context | View", Answers], Awaitable[list[Choice]]]


@dataclass(frozen=True, slots=True)
class Step:
    """A question. `take` reads a typed answer; without it only `choices` count, which typing filters."""

    name: str
    ask: str  # the id of the question
    label: str  # the id of the answer's name in the summary
    take: Callable[[Context, telegram.Message, Answers], Any] | None = None
    choices: Choices | None = None
    optional: bool = False
    show: Callable[[Texts, Any], str] | None = None  # how the kept answer reads; for choices, their label
    forgets: tuple[str, ...] = ()  # the steps that depend on this one and are asked again when it changes

    def answered(self, answers: Answers, value: Any) -> Answers:
        """Return the answers with this one."""
        changed = answers.get(self.name, value) != value
        kept = {name: said for name, said in answers.items() if not (changed and name in self.forgets)}
        return {**kept, self.name: value}


@dataclass(frozen=True, slots=True)
class Form:
    """A form; `finish` makes the effect and says what is shown next. `name` is also that of its card.

    `head` says in a line what the form is about, where its subject is a record.
    """

    name: str
    title: str
    steps: tuple[Step, ...]
    finish: Callable[[Transaction, Context, Answers, int], Awaitable[Show]]
    done: str = N_("form.done")
    role: Role | None = None
    after_cancel: Callable[[int], Show] = field(default=lambda _subject: Show("home"))
    head: Callable[[View], Awaitable[Markup]] | None = None

    def step(self, name: str) -> Step | None:
        """Return the step of this name."""
        return next((step for step in self.steps if step.name == name), None)

    def next_step(self, answers: Answers) -> str:
        """Return the first step that is not answered, or CHECK."""
        return next((step.name for step in self.steps if step.name not in answers), CHECK)
