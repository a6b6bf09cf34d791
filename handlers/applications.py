"""Applying for a post: a word on why, and then every step of the answer at once, in the student's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.context import Refused
from bot.send import Show
from bot.texts import N_, join
from domain.people import Role
from domain.posts import WORDS_LIMIT, Application, ApplicationState
from handlers import answers, post_card
from handlers.application_cards import FROM, MINE, MY_LIST, STAFF, STAFF_LIST, WAITS
from handlers.forms import Form, Step, open_form, register_form
from storage import applications, outbox, placements, posts, schools
from storage.errors import AlreadyExists, NotFound
from storage.outbox import Manner

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    import telegram
    from markupsafe import Markup

    from bot.context import Context, Press, View
    from bot.routes import Routes
    from handlers.forms import Answers
    from storage.database import Transaction

# --- applying ---------------------------------------------------------------------------------------------------


def _take_words(_context: Context, message: telegram.Message, _answers: Answers) -> str:
    return answers.text(message, limit=WORDS_LIMIT)


async def apply(context: Context, press: Press) -> Show:
    """Begin an application: say why, or leave it out."""

    async def work(tx: Transaction) -> Show:
        await _check(tx, context, press.id)
        return await open_form(tx, context, APPLY, {FROM: press.rest or "p0"}, press.id)

    return await context.write(work)


async def _check(tx: Transaction, context: Context, post_id: int) -> None:
    """Raise `Refused` where the student cannot apply for this post now."""
    post = await posts.for_reader(tx, post_id, context.person.id)
    today = await post_card.today_of(tx, context.person, context.now)
    if not post.is_open(today):
        raise Refused(N_("apply.closed"))
    before = await applications.newest_for_post(tx, post_id, context.person.id)
    if before is not None and before.state is not ApplicationState.WITHDRAWN:
        raise Refused(N_("apply.twice") if before.waits else N_("apply.answered"))
    for placement in await placements.of_person(tx, context.person.id):
        starts_after = post.details.starts_on is not None and post.details.starts_on > placement.ends_on
        if placement.ends_on >= today and not starts_after:
            raise Refused(
                N_("apply.placed"), enterprise=placement.enterprise, day=context._.full_day(placement.ends_on)
            )


async def _send(tx: Transaction, context: Context, known: Answers, post_id: int) -> Show:
    await _check(tx, context, post_id)
    if context.person.student_id is None:
        raise NotFound
    try:
        application_id = await applications.send(
            tx, post_id=post_id, student_id=context.person.student_id, words=known["words"] or "", now=context.now
        )
    except AlreadyExists:
        raise Refused(N_("apply.twice")) from None
    application = await applications.for_student(tx, application_id, context.person.id)
    asked = await applications.answerers(tx, application)
    await push_to_staff(tx, asked, application_id, ApplicationState.SENT, now=context.now)
    return Show(post_card.CARD, post_id, args={FROM: known.get(FROM, "p0")}, toast=N_("apply.sent"))


async def _head(view: View) -> Markup:
    post = await posts.for_reader(view.tx, view.subject, view.person.id)
    _ = view.texts
    return join((_("post.title", title=post.details.title), _("post.enterprise", enterprise=post.enterprise)))


APPLY = Form(
    "apply",
    N_("apply.title"),
    (Step("words", N_("apply.ask"), N_("apply.words"), take=_take_words, optional=True),),
    _send,
    N_("apply.send"),
    role=Role.STUDENT,
    after_cancel=lambda post_id: Show(post_card.CARD, post_id),
    head=_head,
)


async def withdraw(context: Context, press: Press) -> Show:
    """Take an application back while nobody has confirmed it."""

    async def work(tx: Transaction) -> Show:
        application = await applications.for_student(tx, press.id, context.person.id)
        to, now = ApplicationState.WITHDRAWN, context.now
        await applications.move(tx, application.id, to, by=context.person.id, now=now)
        await refresh_staff(tx, application, now=now)
        if application.state is ApplicationState.ACCEPTED:  # they count on the student
            await push_to_staff(tx, await applications.answerers(tx, application), application.id, to, now=now)
        toast = N_("application.withdrawn")
        if press.rest == "card":
            return Show(MINE, application.id, toast=toast)
        return Show(post_card.CARD, application.post.id, {FROM: press.rest or "p0"}, toast)

    return await context.write(work)


# --- telling the others -----------------------------------------------------------------------------------------


async def push_to_staff(
    tx: Transaction, people: Iterable[int], application_id: int, state: ApplicationState, *, now: datetime
) -> None:
    """Bring the card of an application that is in this state to those whom it concerns now."""
    for person in people:
        await outbox.add(tx, person, STAFF, application_id, args={WAITS: state.value}, now=now)


async def refresh_staff(tx: Transaction, application: Application, *, but: int = 0, now: datetime) -> None:
    """Let the cards that others have of an application show how it is now."""
    concerned = {*await applications.answerers(tx, application)}
    concerned |= {*await schools.coordinators_of_class(tx, application.class_id)}
    for person in sorted(concerned - {but}):
        await outbox.add(tx, person, STAFF, application.id, now=now, manner=Manner.REFRESH)


# --- opening ----------------------------------------------------------------------------------------------------


async def open_applications(context: Context, _words: str) -> Show:
    """Show a student's own applications, or what waits for a mentor or coordinator."""
    return _list_for(context)


async def press_applications(context: Context, press: Press) -> Show:
    """Show a page of `open_applications`."""
    return _list_for(context, press.id, press.page)


def _list_for(context: Context, post_id: int = 0, page: int = 0) -> Show:
    if Role.STUDENT in context.person.roles:
        return Show(MY_LIST, args={"page": page})
    return Show(STAFF_LIST, post_id, args={"page": page})


async def open_mine(_context: Context, press: Press) -> Show:
    """Open one's own application."""
    return Show(MINE, press.id, args={FROM: press.rest or "a0"})


async def open_of_post(_context: Context, press: Press) -> Show:
    """Show what waits about one post."""
    return Show(STAFF_LIST, press.id)


def register(routes: Routes) -> None:
    """Let students apply and follow their applications."""
    routes.command("applications", open_applications)
    routes.button("applications", press_applications)
    routes.button("applications.page", press_applications)
    routes.button("applications.of", open_of_post)
    routes.button("application.mine", open_mine, role=Role.STUDENT, card=MINE)
    routes.button("application.withdraw", withdraw, role=Role.STUDENT, card=MINE)
    routes.button("apply", apply, role=Role.STUDENT, card=post_card.CARD)
    register_form(routes, APPLY)
