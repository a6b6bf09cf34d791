"""Hearing: the voice notes of an answer, played where it is read, by its reviewer before they decide, and its student.

A voice note that comes while a reason is asked for goes with it; the words beside it are still to be pressed or typed,
so that what is to be changed can be read too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.context import Refused
from bot.send import ANEW, Message, Show
from bot.texts import N_
from domain.logs import Decision
from domain.people import Role
from domain.remarks import Remarks, length_of
from domain.reviews import WORD_WAITS
from handlers import dates, sections, verdict
from handlers.buttons import button
from handlers.log_card import HEAR as HEAR_MINE
from handlers.review_parts import FORM, HEAR, may_answer, name_of, origin_of, today
from handlers.review_remarks import follow, section_in, speak, still_open
from handlers.review_steps import read, too_late
from handlers.voices import WHOLE, attached, keep, spoken
from storage import logs, remarks, reviews
from storage.errors import Conflict, NotFound

if TYPE_CHECKING:
    import telegram

    from bot.context import Context, Press, View
    from bot.routes import Routes
    from bot.send import Button
    from bot.texts import Texts
    from domain.logs import Log
    from domain.people import Draft
    from domain.reviews import Submission
    from storage.database import Transaction

OF_REVIEWER, OF_STUDENT = "review_voices", "log_voices"  # the cards


async def take_with_reason(context: Context, draft: Draft, message: telegram.Message) -> Show:
    """Keep a voice note that goes with a reason; its words are still asked for."""
    voice = spoken(message)
    if voice is None or draft.step == Decision.REOPENED:
        raise Refused(N_("voice.not_here"))

    async def work(tx: Transaction) -> Show:
        try:
            submission = await still_open(tx, context, draft.subject, int(draft.answers["version"]))
        except (Conflict, NotFound) as error:
            return await too_late(tx, context, draft, error)
        problem = await speak(tx, context, submission, None, await keep(tx, context, voice))
        args = {"origin": str(draft.answers.get("origin", ""))}
        return Show(FORM, draft.subject, args | ({"problem": problem} if problem else {}))

    shown = await context.write(work)
    context.receipt = True
    return shown


# --- a reviewer -------------------------------------------------------------------------------------------------


async def hear(context: Context, press: Press) -> Show:
    """Play the voice notes on a log: one's own, and those of the last answer to it."""
    await context.read(lambda tx: read(tx, context, press.id))
    return Show(OF_REVIEWER, press.id, {"origin": press.rest}, place=ANEW)


async def mute(context: Context, press: Press) -> Show:
    """Take a voice note of one's own out again."""
    section, origin = section_in(press)

    async def work(tx: Transaction) -> Show:
        submission = await still_open(tx, context, press.id, press.version)
        await remarks.mute(tx, submission.revision_id, context.person.id, section)
        await follow(tx, context, submission)
        return Show(FORM, press.id, {"origin": origin})

    return await context.write(work)


async def reviewers_card(view: View) -> Message | None:
    """Play the voice notes on a log for whoever may answer it; their own can be taken out while that is possible."""
    submission = await reviews.for_reviewer(view.tx, view.subject, view.person.id, today=today(view))
    log, last, _ = submission.log, submission.last, view.texts
    if submission.number is None:
        return None
    given = await remarks.of_review(view.tx, last) if last else Remarks()
    waits = await may_answer(view.tx, view.person, log)
    noted = await remarks.noted(view.tx, submission.revision_id, view.person.id) if waits else Remarks()
    played = attached(_, log, given, last.reviewer) if last else []
    played += attached(_, log, noted, view.person.name)
    mine = noted if waits else given if _may_change(view, submission) else Remarks()
    back = button(_.plain("review.button.text"), "review.open", log.id, rest=origin_of(view))
    text = _("voice.here", log=name_of(_, log)) if played else _("voice.none")
    return Message(text, [*_out(_, log, mine, origin_of(view)), [back]], played)


def _may_change(view: View, submission: Submission) -> bool:
    """Whether the last decision is an approval of the reader's that can be added to."""
    own = submission.approval_of(view.person.id)
    return own is not None and own is submission.last and view.now < own.created_at + WORD_WAITS


def _out(_: Texts, log: Log, its: Remarks, origin: str) -> list[list[Button]]:
    rows = []
    for section, voice in its.voices.items():
        part = sections.label(_, log.template, section) if section else _.plain("review.notes.whole")
        label = _.plain("voice.mute", part=part, length=length_of(voice.seconds))
        name = section.value if section else WHOLE
        rows.append([button(label, "review.mute", log.id, log.version, f"{name}.{origin}")])
    return rows


# --- the student ------------------------------------------------------------------------------------------------


async def hear_mine(_context: Context, press: Press) -> Show:
    """Play the voice notes of the last answer to one's log, or of an earlier one, whose id the button carries."""
    return Show(OF_STUDENT, press.id, {"review": press.number}, place=ANEW)


async def students_card(view: View) -> Message | None:
    """Play the voice notes of an answer for the student whose log it is about."""
    log, _ = await logs.for_student(view.tx, view.subject, view.person.id), view.texts
    decided = await reviews.of_log(view.tx, log.id, view.person.id)
    wanted = int(view.args.get("review", 0))
    chosen = next((review for review in reversed(decided) if wanted in {0, review.id}), None)
    its = await remarks.of_review(view.tx, chosen) if chosen else Remarks()
    played = attached(_, log, its, chosen.reviewer) if chosen else []
    passed = await verdict.before_school(view, log, chosen) if chosen else None
    if passed:
        played = [*attached(_, log, await remarks.of_review(view.tx, passed), passed.reviewer), *played]
    text = _("voice.here", log=dates.log_name(_, log)) if played else _("voice.none")
    return Message(text, [[button(_.plain("answer_card.button.see"), "log.show", log.id)]], played)


def register(routes: Routes) -> None:
    """Open the room."""
    routes.button(HEAR, hear, card=FORM)
    routes.button("review.mute", mute, card=FORM)
    routes.button(HEAR_MINE, hear_mine, role=Role.STUDENT, card="log")
    routes.card(OF_REVIEWER, reviewers_card)
    routes.card(OF_STUDENT, students_card)
