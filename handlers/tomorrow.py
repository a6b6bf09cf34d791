"""The button that has a log of the queue come back tomorrow; `queue_acts` takes its press."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.buttons import button

if TYPE_CHECKING:
    from bot.send import Button
    from bot.texts import Texts
    from domain.logs import Log

VERB = "review.tomorrow"


def tomorrow(_: Texts, log: Log, origin: str) -> list[Button]:
    """Make the button, for a card that was opened from there."""
    return [button(_.plain("review.button.tomorrow"), VERB, log.id, log.version, origin)]
