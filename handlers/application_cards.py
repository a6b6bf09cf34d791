"""The cards of applications: a student's own with its news, and those of whoever decides, with what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.send import Message
from bot.texts import N_, join
from domain.posts import BEFORE, DECLINE_REASONS, REFUSE_REASONS, Application, ApplicationState, Reason
from domain.words import shorten
from handlers import post_card
from handlers.buttons import PAGE, button, home, pager
from storage import applications, drafts, placements, schools

if TYPE_CHECKING:
    from markupsafe import Markup

    from bot.context import View
    from bot.routes import Routes
    from bot.send import Button
    from bot.texts import Texts

MINE, MY_LIST = "my_application", "my_applications"
STAFF, STAFF_LIST = "application", "applications"  # of those who decide
FROM = "from"  # which list, and page of it, a card was opened from
WAITS = "waits"  # the state in which a pushed card is of use; later there is nothing to bring

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
READY = {ApplicationState.DECLINED: DECLINE_REASONS, ApplicationState.REFUSED: REFUSE_REASONS}
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


# --- a student's own --------------------------------------------------------------------------------------------

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


# --- of those who decide ----------------------------------------------------------------------------------------


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


_SAYS = {
    ApplicationState.SENT: N_("hiring.sent"),
    ApplicationState.ACCEPTED: N_("hiring.state_accepted"),
    ApplicationState.DECLINED: N_("hiring.state_declined"),
    ApplicationState.WITHDRAWN: N_("hiring.state_withdrawn"),
    ApplicationState.CONFIRMED: N_("hiring.state_confirmed"),
    ApplicationState.REFUSED: N_("hiring.state_refused"),
}


def who(_: Texts, application: Application) -> Markup:
    """Say who applies for what."""
    return _(
        "hiring.who",
        student=application.student,
        class_name=application.class_name,
        title=application.post.details.title,
        enterprise=application.post.enterprise,
    )


async def application_card(view: View) -> Message | None:
    """Draw an application for those who decide about it; a push whose matter is settled draws nothing."""
    application, _ = await applications.for_staff(view.tx, view.subject, view.person.id), view.texts
    if view.args.get(WAITS, application.state.value) != application.state.value:
        return None
    draft = await drafts.get(view.tx, view.person.id, STAFF, application.id)
    if draft is not None and application.state in BEFORE[ApplicationState(draft.step)]:
        return _ask_reason(_, application, ApplicationState(draft.step))
    words = _("hiring.words", words=application.words) if application.words else _("hiring.no_words")
    says, buttons = await _next(view, application)
    reason = _("application.reason", reason=reason_in(_, application.reason)) if application.reason else None
    text = join((who(_, application), words, join((says, reason))), "\n\n")
    last = [button(_.plain("hiring.others"), "applications"), home(_)]
    origin = f"{post_card.APPLICATION}{application.id}"
    see = button(_.plain("application.see_post"), "post.open", application.post.id, rest=origin)
    return Message(text, [*buttons, [see], last])


def _ask_reason(_: Texts, application: Application, to: ApplicationState) -> Message:
    ask = N_("hiring.why_declined") if to is ApplicationState.DECLINED else N_("hiring.why_refused")
    text = _(ask, student=application.student, title=application.post.details.title)
    ready = [
        [button(_.plain(REASONS[reason]), "application.reason", application.id, rest=reason.value[1:])]
        for reason in READY[to]
    ]
    return Message(text, [*ready, [button(_.plain("button.back"), "application.keep", application.id)]])


async def _next(view: View, application: Application) -> tuple[Markup, list[list[Button]]]:
    """Return what the state means to this reader, and what they can do about it."""
    _, me, state = view.texts, view.person.id, application.state
    if state is ApplicationState.SENT and me in await applications.answerers(view.tx, application):
        return await _question(view, application), [
            [button(_.plain("hiring.accept"), "application.accept", application.id)],
            [button(_.plain("hiring.decline"), "application.no", application.id, rest="declined")],
        ]
    if state is ApplicationState.ACCEPTED and me in await schools.coordinators_of_class(view.tx, application.class_id):
        said = N_("hiring.to_confirm")
        return _(said, decider=application.decider, student=application.student), [
            [button(_.plain("hiring.confirm"), "application.confirm", application.id)],
            [button(_.plain("hiring.refuse"), "application.no", application.id, rest="refused")],
        ]
    text = _(
        _SAYS[state],
        student=application.student,
        decider=application.decider,
        mentor=application.post.mentor,
    )
    return text, []


async def _question(view: View, application: Application) -> Markup:
    _, places = view.texts, application.post.details.places
    asked = _("hiring.question", student=application.student)
    if not places:
        return asked
    given = await applications.places_given(view.tx, application.post.id)
    return join((_.plural("hiring.places", places, given=given), asked))


def register(routes: Routes) -> None:
    """Draw the cards."""
    routes.card(MINE, my_application_card)
    routes.card(MY_LIST, my_list_card)
    routes.card(STAFF, application_card)
    routes.card(STAFF_LIST, staff_list_card)
