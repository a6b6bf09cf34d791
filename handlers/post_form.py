"""Publishing a post step by step, correcting and closing it, and the list of one's own posts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.context import NotAdmitted, Refused
from bot.send import Message, Show
from bot.texts import N_
from domain.people import Role
from domain.posts import PostState
from domain.words import shorten
from handlers import post_card
from handlers.buttons import PAGE, button, home, pager
from handlers.forms import Choice, Form, Step, open_form, register_form
from handlers.place_form import today
from handlers.post_steps import DETAILS, answers_of, details_of
from storage import applications, mentors, people, posts
from storage.errors import AlreadyExists, Conflict, NotFound

if TYPE_CHECKING:
    from markupsafe import Markup

    from bot.context import Context, Press, View
    from bot.routes import Routes
    from handlers.forms import Answers
    from storage.database import Transaction

MINE = "my_posts"
ENTERPRISE, MENTOR, VERSION = "enterprise", "mentor", "version"


# --- publishing -------------------------------------------------------------------------------------------------


async def _enterprises(tx: Transaction, context: Context | View, _answers: Answers) -> list[Choice]:
    rows = await posts.enterprises_to_publish_for(tx, context.person.id)
    return [Choice(str(enterprise.id), shorten(enterprise.name, 40)) for enterprise in rows]


async def _mentors(tx: Transaction, context: Context | View, known: Answers) -> list[Choice]:
    rows = await mentors.of_enterprise(tx, int(known[ENTERPRISE]), context.person.id, today=today(context))
    return [Choice(str(mentor.person_id), mentor.name) for mentor in rows if not mentor.suspended]


async def _publish(tx: Transaction, context: Context, known: Answers, _subject: int) -> Show:
    me, enterprise_id = context.person.id, int(known[ENTERPRISE])
    if enterprise_id not in {one.id for one in await posts.enterprises_to_publish_for(tx, me)}:
        raise NotFound
    mentor_id: int | None = me
    if MENTOR in known:
        mentor_id = int(known[MENTOR]) if known[MENTOR] else None
        if mentor_id is not None and not await mentors.is_mentor(tx, mentor_id, enterprise_id):
            raise Refused(N_("post_form.mentor_elsewhere"))
    details = details_of(context, known)
    try:
        post_id = await posts.publish(tx, enterprise_id, details, mentor_id=mentor_id, created_by=me, now=context.now)
    except AlreadyExists:
        raise Refused(N_("post_form.same")) from None
    return Show(post_card.CARD, post_id, args={"from": "m0"}, toast=N_("post_form.published"))


_ENTERPRISE_STEP = Step(ENTERPRISE, N_("post_form.ask_enterprise"), N_("post_form.enterprise_is"), choices=_enterprises)
_MENTOR_STEP = Step(MENTOR, N_("post_form.ask_mentor"), N_("post_form.mentor_is"), choices=_mentors, optional=True)
_TITLE, _DONE = N_("post_form.title"), N_("post_form.publish")
BY_MENTOR = Form("post_new", _TITLE, (_ENTERPRISE_STEP, *DETAILS), _publish, _DONE, role=Role.MENTOR)
BY_SCHOOL = Form(
    "post_offer", _TITLE, (_ENTERPRISE_STEP, *DETAILS, _MENTOR_STEP), _publish, _DONE, role=Role.COORDINATOR
)


async def new_post(context: Context, _words: str) -> Show:
    """Begin a post; where there is one enterprise, it is not asked for."""
    roles = context.person.roles
    if not roles & {Role.MENTOR, Role.COORDINATOR}:
        raise NotAdmitted(N_("post_form.not_for_you") if roles else N_("access.nobody"))

    async def work(tx: Transaction) -> Show:
        enterprises = await posts.enterprises_to_publish_for(tx, context.person.id)
        if not enterprises:
            raise Refused(N_("post_form.no_enterprise"))
        known: Answers = {ENTERPRISE: str(enterprises[0].id)} if len(enterprises) == 1 else {}
        form = BY_SCHOOL if Role.COORDINATOR in roles else BY_MENTOR
        return await open_form(tx, context, form, known)

    return await context.write(work)


async def press_new_post(context: Context, _press: Press) -> Show:
    """Begin a post."""
    return await new_post(context, "")


# --- correcting and closing -------------------------------------------------------------------------------------


async def edit(context: Context, press: Press) -> Show:
    """Open a post for correction."""

    async def work(tx: Transaction) -> Show:
        post = await posts.for_manager(tx, press.id, context.person.id)
        known = {**answers_of(post.details), VERSION: post.version}
        return await open_form(tx, context, EDIT, known, post.id)

    return await context.write(work)


async def _save(tx: Transaction, context: Context, known: Answers, post_id: int) -> Show:
    post = await posts.for_manager(tx, post_id, context.person.id)
    try:
        await posts.change(tx, replace(post, version=int(known[VERSION])), details_of(context, known))
    except Conflict:
        raise Refused(N_("post_form.changed_meanwhile")) from None
    except AlreadyExists:
        raise Refused(N_("post_form.same")) from None
    await _record(tx, context, "post_changed", post.id)
    return Show(post_card.CARD, post_id, args={"from": "m0"}, toast=N_("post_form.saved"))


async def _head(view: View) -> Markup:
    post = await posts.for_manager(view.tx, view.subject, view.person.id)
    return view.texts("post.enterprise", enterprise=post.enterprise)


EDIT = Form(
    "post_edit",
    N_("post_form.edit_title"),
    DETAILS,
    _save,
    N_("post_form.save"),
    after_cancel=lambda post_id: Show(post_card.CARD, post_id, args={"from": "m0"}),
    head=_head,
)


async def close(context: Context, press: Press) -> Show:
    """Take a post off the list; what was applied for is still to be answered."""
    return await _turn(context, press, PostState.CLOSED, "post_closed", N_("post_form.closed"))


async def reopen(context: Context, press: Press) -> Show:
    """Put a closed post back on the list."""
    return await _turn(context, press, PostState.OPEN, "post_opened", N_("post_form.reopened"))


async def _turn(context: Context, press: Press, to: PostState, act: str, toast: str) -> Show:
    async def work(tx: Transaction) -> Show:
        post = await posts.for_manager(tx, press.id, context.person.id)
        try:
            await posts.set_state(tx, replace(post, version=press.version), to)
        except AlreadyExists:
            raise Refused(N_("post_form.same")) from None
        await _record(tx, context, act, post.id)
        return Show(post_card.CARD, press.id, args={"from": press.rest or "m0"}, toast=toast)

    return await context.write(work)


async def _record(tx: Transaction, context: Context, act: str, post_id: int) -> None:
    await people.record_act(
        tx, actor_id=context.person.id, act=act, subject_kind="post", subject_id=post_id, now=context.now
    )


# --- one's own posts --------------------------------------------------------------------------------------------


async def my_posts(_context: Context, press: Press) -> Show:
    """Show a page of one's own posts."""
    return Show(MINE, args={"page": press.page})


async def my_posts_card(view: View) -> Message | None:
    """Draw a page of one's own posts, with the applications that wait."""
    _, page = view.texts, int(view.args.get("page", 0))
    rows = await applications.managed_posts(view.tx, view.person.id, limit=PAGE + 1, offset=page * PAGE)
    buttons = []
    for post, waiting in rows[:PAGE]:
        label = shorten(post.details.title, 40)
        if post.state is PostState.CLOSED:
            label = _.plain("my_posts.closed", title=label)
        elif waiting:
            label = _.plain("my_posts.waiting", title=label, n=waiting)
        buttons.append([button(label, "post.open", post.id, rest=f"m{page}")])
    return Message(
        _("my_posts.title") if rows else _("my_posts.none"),
        [
            *buttons,
            pager(_, "post.mine", page, page + 1 + (len(rows) > PAGE)),
            [button(_.plain("post_form.door"), "post.new")],
            [home(_)],
        ],
    )


def register(routes: Routes) -> None:
    """Let mentors and coordinators publish."""
    routes.command("newpost", new_post)
    routes.button("post.new", press_new_post)
    routes.button("post.edit", edit, card=post_card.CARD)
    routes.button("post.close", close, card=post_card.CARD)
    routes.button("post.reopen", reopen, card=post_card.CARD)
    routes.button("post.mine", my_posts)
    routes.card(MINE, my_posts_card)
    for form in (BY_MENTOR, BY_SCHOOL, EDIT):
        register_form(routes, form)
