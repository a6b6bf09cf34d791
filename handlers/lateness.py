"""Late, as people read it: never a reproach, with the reason beside it if there is one, and the buttons that give one.

`late` takes their presses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.texts import N_
from domain.lateness import REASONS, coded
from domain.logs import LogState
from handlers.buttons import button

if TYPE_CHECKING:
    from markupsafe import Markup

    from bot.send import Button
    from bot.texts import Texts
    from domain.logs import Log

CARD = "late"
_SENTENCES = {
    "ill": N_("late.ill"),
    "shifts": N_("late.shifts"),
    "network": N_("late.network"),
    "family": N_("late.family"),
    "forgot": N_("late.forgot"),
}
_ROW = 3  # buttons beside each other


def reason(_: Texts, log: Log) -> str:
    """Return why a log is late, a ready reason in the reader's language; "" where none was given."""
    code = coded(log.late_reason)
    return _.plain(_SENTENCES[code]) if code else log.late_reason


def marked(_: Texts, log: Log) -> Markup | None:
    """Say to its student that a log is marked as late, and why if they said so; None where it came in time."""
    if not log.is_late:
        return None
    why = reason(_, log)
    return _("log.late_because", reason=why) if why else _("log.late_ask")


def in_time(_: Texts, log: Log) -> Markup:
    """Say to a reviewer whether a log came in time, and why not."""
    why = reason(_, log)
    if not log.is_late:
        return _("review.on_time")
    return _("review.late_because", reason=why) if why else _("review.late")


def reasons(_: Texts, log: Log) -> list[Button]:
    """Make a button for each ready reason."""
    return [button(_.plain(_SENTENCES[code]), "late.pick", log.id, rest=code) for code in REASONS]


def door(_: Texts, log: Log) -> Button:
    """Make the button that leads to the question."""
    label = N_("late.other") if log.late_reason else N_("late.door")
    return button(_.plain(label), CARD, log.id)


def beside_receipt(_: Texts, log: Log) -> list[list[Button]]:
    """Return what a student can press once a late log is handed in: a reason at once, or words of their own."""
    if not log.is_late or log.state is LogState.APPROVED:
        return []
    if log.late_reason:
        return [[door(_, log)]]
    each = [*reasons(_, log), button(_.plain("late.own_words"), CARD, log.id)]
    return [each[start : start + _ROW] for start in range(0, len(each), _ROW)]
