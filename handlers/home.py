"""Home: where a person is, what waits for them, and what they can do next, in one card."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.send import Message, Show
from bot.texts import N_, join
from domain.people import Role
from handlers import notice
from handlers.access import NOTICE_VERSION, has_agreed
from handlers.buttons import button
from handlers.glance import GLANCES
from storage import drafts, students

if TYPE_CHECKING:
    from collections.abc import Iterable

    from markupsafe import Markup

    from bot.context import Context, Press, View
    from bot.routes import Routes
    from bot.send import Button
    from bot.texts import Texts

_STUDENT_POSTS = ((N_("posts.door"), "posts"), (N_("applications.door_mine"), "applications"))
_STAFF_POSTS = ((N_("my_posts.door"), "post.mine"), (N_("applications.door"), "applications"))
# What each role can do: the id of the button's words and its verb. The first is the most useful one.
DOORS: dict[Role, tuple[tuple[str, str], ...]] = {
    Role.STUDENT: (
        (N_("button.log"), "log.now"),
        (N_("button.moments"), "moments"),
        (N_("button.feedback"), "feedback"),
        (N_("button.placement"), "placement.mine"),
        *_STUDENT_POSTS,
    ),
    Role.MENTOR: (
        (N_("button.queue"), "queue.next"),
        (N_("button.mentees"), "mentees"),
        (N_("away.door"), "away"),
        *_STAFF_POSTS,
    ),
    Role.COORDINATOR: (
        (N_("button.queue"), "queue.next"),
        (N_("missing.door"), "missing"),
        (N_("announce.door"), "announce"),
        (N_("button.students"), "students"),
        (N_("care.door"), "care"),
        (N_("button.place"), "place"),
        (N_("classes.door"), "classes"),
        (N_("enterprises.door"), "enterprises"),
        (N_("colleagues.door"), "colleagues"),
        (N_("posts.door"), "posts"),
        *_STAFF_POSTS,
    ),
}
COMMANDS: tuple[tuple[str, str, Role | None], ...] = (
    ("start", N_("command.start"), None),
    ("log", N_("command.log"), Role.STUDENT),
    ("moments", N_("command.moments"), Role.STUDENT),
    ("feedback", N_("command.feedback"), Role.STUDENT),
    ("placement", N_("command.placement"), Role.STUDENT),
    ("sos", N_("command.sos"), Role.STUDENT),
    ("find", N_("command.find"), Role.STUDENT),
    ("find", N_("command.find"), Role.MENTOR),
    ("find", N_("command.find"), Role.COORDINATOR),
    ("queue", N_("command.queue"), Role.MENTOR),
    ("queue", N_("command.queue"), Role.COORDINATOR),
    ("missing", N_("command.missing"), Role.COORDINATOR),
    ("announce", N_("command.announce"), Role.COORDINATOR),
    ("students", N_("command.students"), Role.COORDINATOR),
    ("classes", N_("command.classes"), Role.COORDINATOR),
    ("enterprises", N_("command.enterprises"), Role.COORDINATOR),
    ("posts", N_("command.posts"), Role.STUDENT),
    ("posts", N_("command.posts"), Role.COORDINATOR),
    ("applications", N_("command.applications"), Role.STUDENT),
    ("applications", N_("command.applications"), Role.MENTOR),
    ("applications", N_("command.applications"), Role.COORDINATOR),
    ("newpost", N_("command.newpost"), Role.MENTOR),
    ("settings", N_("command.settings"), None),
    ("language", N_("command.language"), None),
    ("help", N_("command.help"), None),
    ("privacy", N_("command.privacy"), None),
    ("mydata", N_("command.mydata"), None),
    ("forgetme", N_("command.forgetme"), None),
)
FORMS_SHOWN = 3  # of those that wait
# What the forms that wait are called on the button that continues them.
FORM_NAMES = {
    "application_confirm": N_("form.name.application_confirm"),
    "application": N_("form.name.application"),
    "apply": N_("form.name.apply"),
    "post_edit": N_("form.name.post_edit"),
    "post_new": N_("form.name.post_new"),
    "post_offer": N_("form.name.post_new"),
    "announcing": N_("form.name.announcing"),
    "edit_class": N_("form.name.edit_class"),
    "join": N_("form.name.join"),
    "log": N_("form.name.log"),
    "place": N_("form.name.place"),
    "placement_end": N_("form.name.placement_end"),
    "removal_why": N_("form.name.removal_why"),
    "pulse": N_("form.name.pulse"),
    "school_number": N_("form.name.school_number"),
    "sos": N_("form.name.sos"),
    "sos_close": N_("form.name.sos_close"),
    "excuse": N_("form.name.excuse"),
    "new_class": N_("form.name.new_class"),
    "new_enterprise": N_("form.name.new_enterprise"),
}


async def show_home(_context: Context, _words: str) -> Show:
    """Show the overview."""
    return Show("home")


async def press_home(_context: Context, _press: Press) -> Show:
    """Come back to the overview."""
    return Show("home")


async def _stranger(view: View) -> Markup:
    request = await students.open_request(view.tx, view.person.id)
    if request is None:
        return view.texts("home.stranger", name=view.person.name)
    return view.texts("join.waiting", class_name=request.class_name, name=request.name, number=request.number)


async def home_card(view: View) -> Message | None:
    """Draw the overview of this person."""
    _, person = view.texts, view.person
    if not person.roles:
        text = _("home.suspended") if person.suspended else await _stranger(view)
        others = (button(_.plain("button.language"), "language.next"), button(_.plain("button.help"), "help"))
        return Message(text, (*await forms_to_continue(view), others))
    if not has_agreed(person):
        return replace(card := privacy_to_agree(view), text=join((_("access.agree_first"), card.text), "\n\n"))
    roles = [role for role in Role if role in person.roles]
    lines = [line for role in roles for line in await GLANCES[role](view)]
    rows: list[tuple[Button, ...]] = list(await forms_to_continue(view))
    rows += doors(_, roles)
    rows.append((button(_.plain("button.settings"), "settings"), button(_.plain("button.help"), "help")))
    return Message(join((_("home.greeting", name=person.name), join(lines) or None), "\n\n"), rows)


def privacy_to_agree(view: View) -> Message:
    """Draw the short notice with the button that agrees to it."""
    _ = view.texts
    agree = button(_.plain("join.agree"), "privacy.agree", 0, NOTICE_VERSION)
    return Message(
        notice.short(_, view.person.roles), ((agree,), (button(_.plain("button.language"), "language.next"),))
    )


def doors(_: Texts, roles: Iterable[Role]) -> list[tuple[Button, ...]]:
    """Make the buttons of what somebody in these roles can do, each once."""
    verbs = {verb: words for role in roles for words, verb in DOORS[role]}
    each = [button(_.plain(words), verb) for verb, words in verbs.items()]
    return [tuple(each[i : i + 2]) for i in range(0, len(each), 2)]


async def forms_to_continue(view: View) -> tuple[tuple[Button, ...], ...]:
    """Make the buttons that lead back into the forms that are open, the active one first."""
    _ = view.texts
    open_forms = [view.person.draft] if view.person.draft else []
    open_forms += await drafts.waiting(view.tx, view.person.id)
    known = FORM_NAMES if view.person.roles else {"join"}  # whoever has no role can go on with nothing else
    named = [(_.plain(FORM_NAMES[draft.form]), draft) for draft in open_forms if draft.form in known]
    return tuple(
        (button(_.plain("home.continue", what=what), "form.resume", draft.subject, rest=draft.form),)
        for what, draft in named[:FORMS_SHOWN]
    )


def menu(_: Texts, roles: frozenset[Role]) -> tuple[tuple[str, str], ...]:
    """Return the command menu that fits these roles."""
    fitting = {name: _.plain(words) for name, words, role in COMMANDS if role is None or role in roles}
    return tuple(fitting.items())


async def menu_card(view: View) -> Message | None:
    """Put the person's command menu in place."""
    return Message(view.texts("home.greeting", name=view.person.name), commands=menu(view.texts, view.person.roles))


def register(routes: Routes) -> None:
    """Open the overview from everywhere."""
    routes.command("menu", show_home, open_to_all=True)
    routes.button("home", press_home, open_to_all=True)
    routes.card("home", home_card)
    routes.card("menu", menu_card)
