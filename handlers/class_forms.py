"""Creating a class and changing its rules: name, specialty, time zone, weekly deadline, shortest log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.context import Refused
from bot.send import Message, Show
from bot.texts import N_
from domain.deadlines import USUAL, of_code, read_deadline
from domain.people import Role
from domain.weeks import monday_of
from domain.words import key
from domain.zones import COMMON, find_zone, offered
from handlers import answers
from handlers.buttons import button
from handlers.forms import Choice, Form, Step, open_form, register_form, resume_form
from storage import classes, drafts, people, placements, schools
from storage.errors import NotFound

if TYPE_CHECKING:
    from datetime import date

    import telegram

    from bot.context import Context, Press, View
    from bot.routes import Routes
    from bot.texts import Texts
    from handlers.forms import Answers
    from storage.classes import Counted
    from storage.database import Transaction

NEW, EDIT = "new_class", "edit_class"
NAME_LIMIT = 60
LONGEST_MINIMUM = 1000  # characters
MINIMUMS = (0, 50, 100, 200, 300, 500)
WAS = "was"  # beside the answers: the rules as they were when the form was opened


def deadline_words(_: Texts, code: str, today: date) -> str:
    """Return a deadline as people say it: "Sunday 20:00", 周日20:00."""
    deadline = of_code(code)
    day = monday_of(today).replace() + (deadline.weekday * _DAY)
    return _.plain("class.deadline_words", weekday=_.weekday(day), clock=f"{deadline.at:%H:%M}")
