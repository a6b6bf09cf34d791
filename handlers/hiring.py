"""Answering applications: the mentor takes a student or not, and whoever says no says why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.context import Stale
from bot.send import Show
from bot.texts import N_
from domain.posts import (
    BEFORE,
    REASON_LIMIT,
    Application,
    ApplicationState,
)
from handlers import answers
from handlers.application_cards import MINE, READY, STAFF
from handlers.applications import push_to_staff, refresh_staff
from storage import applications, drafts, outbox, people, schools
from storage.errors import Conflict, NotFound

if TYPE_CHECKING:
    import telegram

    from bot.context import Context, Press
    from bot.routes import Routes
    from domain.people import Draft
    from storage.database import Transaction

# While the reason for a no is asked for, the card is also the form that takes it; its step is the state to come.
NO = STAFF
_ACTS = {
    ApplicationState.ACCEPTED: "application_accepted",
    ApplicationState.DECLINED: "application_declined",
    ApplicationState.CONFIRMED: "application_confirmed",
    ApplicationState.REFUSED: "application_refused",
}


async def for_decision(tx: Transaction, application_id: int, person_id: int, to: ApplicationState) -> Application:
    """Read an application for whoever may bring it into this state; raises `Conflict` where that has passed."""
    read = applications.for_answer
    if to in {ApplicationState.CONFIRMED, ApplicationState.REFUSED}:
        read = applications.for_coordinator
    application = await read(tx, application_id, person_id)
    if application.state not in BEFORE[to]:
        raise Conflict
    return application


async def decide(
    tx: Transaction, context: Context, application: Application, to: ApplicationState, reason: str = ""
) -> None:
    """Change the state, record who did it, and tell the student and everybody who has the card."""
    await applications.move(tx, application.id, to, by=context.person.id, reason=reason, now=context.now)
    await people.record_act(
        tx,
        actor_id=context.person.id,
        act=_ACTS[to],
        subject_kind="application",
        subject_id=application.id,
        now=context.now,
    )
    if application.student_person is not None:
        await outbox.add(tx, application.student_person, MINE, application.id, now=context.now)
    await refresh_staff(tx, application, but=context.person.id, now=context.now)


# --- the enterprise's answer ------------------------------------------------------------------------------------


async def accept(context: Context, press: Press) -> Show:
    """Take the student; the school confirms next."""

    async def work(tx: Transaction) -> Show:
        me, to = context.person.id, ApplicationState.ACCEPTED
        application = await for_decision(tx, press.id, me, to)
        school = await schools.coordinators_of_class(tx, application.class_id)
        await decide(tx, context, application, to)
        if me not in school:  # without a mentor the coordinators have the card already
            await push_to_staff(tx, school, application.id, to, now=context.now)
        return Show(STAFF, application.id, {"student": application.student}, toast=N_("hiring.accepted"))

    return await context.write(work)


async def ask_reason(context: Context, press: Press) -> Show:
    """Ask why not; the student reads it."""

    async def work(tx: Transaction) -> Show:
        to = ApplicationState(press.rest) if press.rest in set(READY) else ApplicationState.DECLINED
        application = await for_decision(tx, press.id, context.person.id, to)
        await drafts.activate(tx, context.person.id, NO, subject=application.id, step=to.value, now=context.now)
        return Show(STAFF, application.id)

    return await context.write(work)


async def pick_reason(context: Context, press: Press) -> Show:
    """Say no with a ready reason."""
    return await context.write(lambda tx: _say_no(tx, context, press.id, f"@{press.rest}", ready=True))


async def take_reason(context: Context, draft: Draft, message: telegram.Message) -> Show:
    """Say no in one's own words."""
    reason = answers.text(message, limit=REASON_LIMIT)
    context.receipt = True
    return await context.write(lambda tx: _say_no(tx, context, draft.subject, reason, ready=False))


async def _say_no(tx: Transaction, context: Context, application_id: int, reason: str, *, ready: bool) -> Show:
    me, shown = context.person.id, Show(STAFF, application_id)
    draft = await drafts.get(tx, me, NO, application_id)
    if draft is None:
        raise Stale(shown)
    to = ApplicationState(draft.step)
    if ready and reason not in {one.value for one in READY[to]}:
        raise Stale(shown)
    await drafts.close(tx, me, NO, application_id)
    try:
        application = await for_decision(tx, application_id, me, to)
    except (Conflict, NotFound):  # a colleague was faster, or the student withdrew: the card says which
        return shown
    await decide(tx, context, application, to, reason)
    if to is ApplicationState.REFUSED:  # the mentor had said yes
        asked = [person for person in await applications.answerers(tx, application) if person != me]
        await push_to_staff(tx, asked, application_id, to, now=context.now)
    return shown


async def leave_reason(context: Context, press: Press) -> Show:
    """Go back without an answer."""

    async def work(tx: Transaction) -> Show:
        await drafts.close(tx, context.person.id, NO, press.id)
        return Show(STAFF, press.id)

    return await context.write(work)


# --- opening ----------------------------------------------------------------------------------------------------


async def open_application(_context: Context, press: Press) -> Show:
    """Open the card of an application."""
    return Show(STAFF, press.id)


def register(routes: Routes) -> None:
    """Let mentors and coordinators decide."""
    routes.button("application.open", open_application, card=STAFF)
    routes.button("application.accept", accept, card=STAFF)
    routes.button("application.no", ask_reason, card=STAFF)
    routes.button("application.reason", pick_reason, card=STAFF)
    routes.button("application.keep", leave_reason, card=STAFF)
    routes.form(NO, take_reason)
