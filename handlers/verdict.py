"""What a reviewer said about a log, as its readers see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.texts import N_
from domain.logs import Decision, LogState
from handlers import reasons
from storage import logs

if TYPE_CHECKING:
    from markupsafe import Markup

    from bot.context import View
    from bot.texts import Texts
    from domain.logs import Log, Review

_SAID = {
    Decision.APPROVED: N_("verdict.approved"),
    Decision.NEEDS_INFO: N_("verdict.needs_info"),
    Decision.RETURNED: N_("verdict.returned"),
    Decision.REOPENED: N_("verdict.reopened"),
}


def said(_: Texts, review: Review) -> Markup | None:
    """Return a decision's words; None where nothing was said."""
    if not review.words:
        return None
    return _(_SAID[review.decision], reviewer=review.reviewer, words=reasons.said(_, review.words))


async def last_words(view: View, log: Log) -> Markup | None:
    """Return the last decision's words on a log; None where nothing was said."""
    if log.state is LogState.DRAFT:  # nobody has read it yet
        return None
    review = await logs.latest_review(view.tx, log.id)
    return said(view.texts, review) if review else None
