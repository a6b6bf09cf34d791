"""Applying for a post: a word on why, and then every step of the answer at once, in the student's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.context import Refused
from bot.send import Message, Show
from bot.texts import N_, join
from domain.people import Role
from domain.posts import WORDS_LIMIT, Application, ApplicationState, Reason
from domain.words import shorten
from handlers import answers, post_card
from handlers.access import admit_member
from handlers.buttons import PAGE, button, home, pager
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
    from bot.texts import Texts
    from handlers.forms import Answers
    from storage.database import Transaction

MINE, LIST = "my_application", "my_applications"
STAFF = "application"  # the card of those who decide
STAFF_LIST = "applications"
FROM = "from"

STATES = {
    ApplicationState.SENT: N_("application.state.sent"),
    ApplicationState.ACCEPTED: N_("application.state.accepted"),
    ApplicationState.DECLINED: N_("application.state.declined"),
    ApplicationState.WITHDRAWN: N_("application.state.withdrawn"),
    ApplicationState.CONFIRMED: N_("application.state.confirmed"),
    ApplicationState.REFUSED: N_("application.state.refused"),
}
SIGNS = {
    ApplicationState.SENT: "⏳",
    ApplicationState.ACCEPTED: "👍",
    ApplicationState.DECLINED: "✖",
    ApplicationState.WITHDRAWN: "↩️",
    ApplicationState.CONFIRMED: "🎉",
    ApplicationState.REFUSED: "✖",
}
REASONS = {
    Reason.FULL: N_("application.reason.full"),
    Reason.PERIOD: N_("application.reason.period"),
    Reason.FIT: N_("application.reason.fit"),
    Reason.CLOSED: N_("application.reason.closed"),
    Reason.SCHOOL_PERIOD: N_("application.reason.school_period"),
    Reason.ENTERPRISE: N_("application.reason.enterprise"),
    Reason.OTHER_PLANS: N_("application.reason.other_plans"),
    Reason.PLACED: N_("application.reason.placed"),
}


def reason_in(_: Texts, reason: str) -> str:
    """Return a reason in the reader's language: a ready one by its id, or somebody's own words."""
    return _.plain(REASONS[Reason(reason)]) if reason in set(Reason) else reason


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
    await push_to_staff(tx, await applications.answerers(tx, application), application, now=context.now)
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
        await applications.move(tx, application.id, ApplicationState.WITHDRAWN, by=context.person.id, now=context.now)
        await refresh_staff(tx, application, now=context.now)
        shown = Show(post_card.CARD, application.post.id, args={FROM: press.rest or "p0"})
        toast = N_("application.withdrawn")
        if press.rest == "card":
            return Show(MINE, application.id, toast=toast)
        return Show(shown.card, shown.subject, shown.args, toast)

    return await context.write(work)


# --- telling the others -----------------------------------------------------------------------------------------


async def push_to_staff(
    tx: Transaction, people: Iterable[int], application: Application, *, but: int = 0, now: datetime
) -> None:
    """Bring the card of an application to those who decide about it now."""
    for person in people:
        if person != but:
            await outbox.add(tx, person, STAFF, application.id, args={"waits": application.state.value}, now=now)


async def refresh_staff(tx: Transaction, application: Application, *, but: int = 0, now: datetime) -> None:
    """Let the cards that others have of an application show how it is now."""
    concerned = {*await applications.answerers(tx, application)}
    concerned |= {*await schools.coordinators_of_class(tx, application.class_id)}
    for person in sorted(concerned - {but}):
        await outbox.add(tx, person, STAFF, application.id, now=now, manner=Manner.REFRESH)


async def tell_student(tx: Transaction, application: Application, *, now: datetime) -> None:
    """Bring a student the news of an application."""
    if application.student_person is not None:
        await outbox.add(tx, application.student_person, MINE, application.id, now=now)


# --- cards ------------------------------------------------------------------------------------------------------

_NEWS = {
    ApplicationState.SENT: N_("my_application.sent"),
    ApplicationState.ACCEPTED: N_("my_application.accepted"),
    ApplicationState.DECLINED: N_("my_application.declined"),
    ApplicationState.WITHDRAWN: N_("my_application.withdrawn"),
    ApplicationState.CONFIRMED: N_("my_application.confirmed"),
    ApplicationState.REFUSED: N_("my_application.refused"),
}


async def my_application_card(view: View) -> Message | None:
    """Draw a student's own application: where it is and what happens next."""
    application, _ = await applications.for_student(view.tx, view.subject, view.person.id), view.texts
    post, origin = application.post, str(view.args.get(FROM, "a0"))
    news = _(
        _NEWS[application.state],
        title=post.details.title,
        enterprise=post.enterprise,
        day=_.day(application.created_at.astimezone(view.person.zone).date()),
    )
    reason = _("application.reason", reason=reason_in(_, application.reason)) if application.reason else None
    words = _("my_application.words", words=application.words) if application.words else None
    text = join((join((news, reason)), await _placed(view, application), words), "\n\n")
    rows = []
    if application.state in {ApplicationState.DECLINED, ApplicationState.REFUSED, ApplicationState.WITHDRAWN}:
        rows.append([button(_.plain("posts.door"), "posts")])
    rows.append([button(_.plain("application.see_post"), "post.open", post.id, rest=origin)])
    if application.waits:
        rows.append([button(_.plain("application.withdraw"), "application.withdraw", application.id, rest="card")])
    return Message(text, [*rows, post_card.back(_, origin)])


async def _placed(view: View, application: Application) -> Markup | None:
    if application.state is not ApplicationState.CONFIRMED:
        return None
    placement_id = await applications.placement_of(view.tx, application.id)
    if placement_id is None:
        return None
    placement, _ = await placements.for_student(view.tx, placement_id, view.person.id), view.texts
    said = N_("my_application.placed") if placement.mentor_name else N_("my_application.placed_alone")
    first, last = _.full_day(placement.starts_on), _.full_day(placement.ends_on)
    return _(said, first=first, last=last, mentor=placement.mentor_name)


async def my_list_card(view: View) -> Message | None:
    """Draw a page of a student's own applications."""
    _, page = view.texts, int(view.args.get("page", 0))
    rows = await applications.of_student(view.tx, view.person.id, limit=PAGE + 1, offset=page * PAGE)
    buttons = [
        [button(_own_row(application), "application.mine", application.id, rest=f"a{page}")]
        for application in rows[:PAGE]
    ]
    states = [
        _("my_applications.line", sign=SIGNS[one.state], title=one.post.details.title, state=_(STATES[one.state]))
        for one in rows[:PAGE]
    ]
    text = join((_("my_applications.title"), join(states)), "\n\n") if rows else _("my_applications.none")
    return Message(
        text,
        [
            *buttons,
            pager(_, "applications.page", page, page + 1 + (len(rows) > PAGE)),
            [button(_.plain("posts.door"), "posts"), home(_)],
        ],
    )


def _own_row(application: Application) -> str:
    return f"{SIGNS[application.state]} {shorten(application.post.details.title, 34)}"


async def staff_list_card(view: View) -> Message | None:
    """Draw what waits for a mentor or coordinator, the oldest first; about one post where a subject is given."""
    _, page = view.texts, int(view.args.get("page", 0))
    rows = await applications.waiting_for(
        view.tx, view.person.id, post_id=view.subject, limit=PAGE + 1, offset=page * PAGE
    )
    buttons = [
        [
            button(
                f"{SIGNS[one.state]} {shorten(one.student, 16)} · {shorten(one.post.details.title, 24)}",
                "application.open",
                one.id,
            )
        ]
        for one in rows[:PAGE]
    ]
    return Message(
        _("applications.title") if rows else _("applications.none"),
        [
            *buttons,
            pager(_, "applications.page", page, page + 1 + (len(rows) > PAGE), view.subject),
            [button(_.plain("my_posts.door"), "post.mine", rest=0), home(_)],
        ],
    )


# --- opening ----------------------------------------------------------------------------------------------------


async def open_applications(context: Context, _words: str) -> Show:
    """Show a student's own applications, or what waits for a mentor or coordinator."""
    admit_member(context.person)
    return _list_for(context)


async def press_applications(context: Context, press: Press) -> Show:
    """Show a page of `open_applications`."""
    admit_member(context.person)
    return _list_for(context, press.id, int(press.rest) if press.rest.isdigit() else 0)


def _list_for(context: Context, post_id: int = 0, page: int = 0) -> Show:
    if Role.STUDENT in context.person.roles:
        return Show(LIST, args={"page": page})
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
    routes.card(MINE, my_application_card)
    routes.card(LIST, my_list_card)
    routes.card(STAFF_LIST, staff_list_card)
