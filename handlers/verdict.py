"""What a reviewer said about a log, as its readers see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.texts import N_, join
from domain.logs import Decision, LogState
from domain.remarks import Remarks, together
from handlers import reasons
from handlers.remarks import beside
from storage import remarks, verdicts

if TYPE_CHECKING:
    from markupsafe import Markup

    from bot.context import View
    from bot.texts import Texts
    from domain.logs import Log, Review

_SAID = {
    Decision.APPROVED: N_("verdict.approved"),
    Decision.PASSED: N_("verdict.approved"),
    Decision.NEEDS_INFO: N_("verdict.needs_info"),
    Decision.RETURNED: N_("verdict.returned"),
    Decision.REOPENED: N_("verdict.reopened"),
}


def said(_: Texts, review: Review) -> Markup | None:
    """Return a decision's words; None where nothing was said."""
    if not review.words:
        return None
    words = reasons.said(_, review.words, review.language)
    return _(_SAID[review.decision], reviewer=review.reviewer, words=words)


async def latest(view: View, log: Log) -> tuple[Markup | None, Remarks]:
    """Return what was said about the submission that counts, None where it was nothing, and the remarks on sections.

    That is the last decision, and before the school's that of the mentor who passed the log on.
    """
    if log.state is LogState.DRAFT or (log.state is LogState.SUBMITTED and not log.with_school):
        return None, Remarks()  # nobody has answered what is written there
    review = await verdicts.latest(view.tx, log.id)
    if review is None or (log.state is LogState.SUBMITTED and review.decision is not Decision.PASSED):
        return None, Remarks()
    its = await remarks.of_review(view.tx, review)
    passed = await before_school(view, log, review)
    words = said(view.texts, passed) if passed else None
    if passed:
        its = together(await remarks.of_review(view.tx, passed), its)
    return join((words, said(view.texts, review), beside(view.texts, review, its))) or None, its


async def before_school(view: View, log: Log, review: Review) -> Review | None:
    """Return the approval with which the mentor passed on what the school then decided on; None where there is none."""
    if not log.with_school or review.decision is Decision.PASSED:
        return None
    passed = await verdicts.passed_on(view.tx, log.id)
    return passed if passed and passed.revision == review.revision else None
