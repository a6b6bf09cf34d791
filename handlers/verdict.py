"""What a reviewer said about a log, as its readers see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.texts import N_, join
from domain.logs import Decision, LogState
from domain.remarks import Remarks
from handlers import reasons
from handlers.remarks import beside
from storage import logs, remarks

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


async def latest(view: View, log: Log) -> tuple[Markup | None, Remarks]:
    """Return what the last decision on a log says, None where it says nothing, and its remarks on the sections."""
    if log.state in {LogState.DRAFT, LogState.SUBMITTED}:  # nobody has answered what is written there
        return None, Remarks()
    review = await logs.latest_review(view.tx, log.id)
    if review is None:
        return None, Remarks()
    its = await remarks.of_review(view.tx, review)
    return join((said(view.texts, review), beside(view.texts, review, its))) or None, its
