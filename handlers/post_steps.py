"""The questions about a post: what it is called, what the student will do, where, for how much, when, until when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from bot.context import Refused
from bot.texts import N_
from domain.posts import CITY_LIMIT, MOST_PLACES, PAY_LIMIT, TASKS_LIMIT, TITLE_LIMIT, PostDetails
from handlers import answers
from handlers.forms import Answers, Choice, Step
from handlers.place_form import PLACE, refuse_trouble, show_day, take_day, today

if TYPE_CHECKING:
    import telegram

    from bot.context import Context, View
    from bot.texts import Texts
    from storage.database import Transaction

TITLE, TASKS, CITY, PAY, PLACES, APPLY_BY = "title", "tasks", "city", "pay", "places", "apply_by"
START, END = "start", "end"  # as in the form that places a student, whose questions they are
_QUICK_PLACES = (1, 2, 3, 5, 10, 20)
_DAYS_TO_APPLY = (7, 14, 30)


def _take_line(limit: int, _context: Context, message: telegram.Message, _answers: Answers) -> str:
    return answers.line(message, limit=limit)


def _take_tasks(_context: Context, message: telegram.Message, _answers: Answers) -> str:
    return answers.text(message, limit=TASKS_LIMIT)


def _take_places(_context: Context, message: telegram.Message, _answers: Answers) -> int:
    return answers.integer(message, lowest=1, highest=MOST_PLACES)


def _take_apply_by(context: Context, message: telegram.Message, _answers: Answers) -> str:
    day = take_day(context, message)
    if day < today(context):
        raise Refused(N_("post_form.apply_by_past"))
    return day.isoformat()


async def _places(_tx: Transaction, _context: Context | View, _answers: Answers) -> list[Choice]:
    return [Choice(str(number), str(number)) for number in _QUICK_PLACES]


async def _apply_days(_tx: Transaction, context: Context | View, _answers: Answers) -> list[Choice]:
    lasts = (today(context) + timedelta(days=days) for days in _DAYS_TO_APPLY)
    return [Choice(last.isoformat(), context._.day(last)) for last in lasts]


def question(name: str, **changes: Any) -> Step:
    """Return a question of the form that places a student, asked in another way."""
    step = PLACE.step(name)
    if step is None:
        raise LookupError(name)
    return replace(step, **changes)


def as_day(value: Any) -> date | None:
    """Return the day that an answer keeps."""
    return date.fromisoformat(value) if value else None


def _show_places(_: Texts, value: Any) -> str:
    return _.number(int(value))


DETAILS = (
    Step(TITLE, N_("post_form.ask_title"), N_("post_form.title_is"), take=partial(_take_line, TITLE_LIMIT)),
    Step(TASKS, N_("post_form.ask_tasks"), N_("post_form.tasks_are"), take=_take_tasks),
    Step(CITY, N_("post_form.ask_city"), N_("post_form.city_is"), take=partial(_take_line, CITY_LIMIT), optional=True),
    Step(PAY, N_("post_form.ask_pay"), N_("post_form.pay_is"), take=partial(_take_line, PAY_LIMIT), optional=True),
    Step(
        PLACES,
        N_("post_form.ask_places"),
        N_("post_form.places_are"),
        take=_take_places,
        choices=_places,
        optional=True,
        show=_show_places,
    ),
    question(START, ask=N_("post_form.ask_start"), label=N_("post_form.start_is"), optional=True),
    question(END, ask=N_("post_form.ask_end"), label=N_("post_form.end_is"), optional=True),
    Step(
        APPLY_BY,
        N_("post_form.ask_apply_by"),
        N_("post_form.apply_by_is"),
        take=_take_apply_by,
        choices=_apply_days,
        optional=True,
        show=show_day,
    ),
)


def details_of(context: Context, known: Answers) -> PostDetails:
    """Return what was answered; raises `Refused` where the days do not go together or have passed meanwhile."""
    first, last, apply_by = as_day(known[START]), as_day(known[END]), as_day(known[APPLY_BY])
    if last is not None:
        refuse_trouble(first or today(context), last, context)
    if apply_by is not None and apply_by < today(context):
        raise Refused(N_("post_form.apply_by_past"))
    return PostDetails(
        title=known[TITLE],
        tasks=known[TASKS] or "",
        city=known[CITY] or "",
        pay=known[PAY] or "",
        places=int(known[PLACES]) if known[PLACES] else None,
        starts_on=first,
        ends_on=last,
        apply_by=apply_by,
    )


def answers_of(said: PostDetails) -> Answers:
    """Return a post as answers, to be corrected."""
    days = {START: said.starts_on, END: said.ends_on, APPLY_BY: said.apply_by}
    return {
        TITLE: said.title,
        TASKS: said.tasks or None,
        CITY: said.city or None,
        PAY: said.pay or None,
        PLACES: said.places,
        **{name: day.isoformat() if day else None for name, day in days.items()},
    }
