"""What a reviewer said about a log, as its student reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.texts import N_
from domain.logs import Decision
from storage import logs

if TYPE_CHECKING:
    from markupsafe import Markup

    from bot.context import View
    from domain.logs import Log

_SAID = {
    Decision.APPROVED: N_("verdict.approved"),
    Decision.NEEDS_INFO: N_("verdict.needs_info"),
    Decision.RETURNED: N_("verdict.returned"),
    Decision.REOPENED: N_("verdict.reopened"),
}


async def last_words(view: View, log: Log) -> Markup | None:
    """Return the last decision's words on a log; None where nothing was said."""
    review = await logs.latest_review(view.tx, log.id)
    if review is None or not review.words:
        return None
    return view.texts(_SAID[review.decision], reviewer=review.reviewer, words=review.words)
