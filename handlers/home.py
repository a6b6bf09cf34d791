"""Home: where a person is, what waits for them, and what they can do next, in one card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.send import Message, Show
from bot.texts import N_, join
from domain.people import Role
from handlers.access import NOTICE_VERSION, has_agreed
from handlers.buttons import button
from handlers.glance import GLANCES
from storage import drafts

if TYPE_CHECKING:
    from bot.context import Context, Press, View
    from bot.routes import Routes
    from bot.send import Button
    from bot.texts import Texts

# What each role can do: the id of the button's words and its verb. The first is the most useful one.
DOORS: dict[Role, tuple[tuple[str, str], ...]] = {
    Role.STUDENT: ((N_("button.log"), "log.now"), (N_("button.feedback"), "feedback")),
    Role.MENTOR: ((N_("button.queue"), "queue.next"), (N_("button.mentees"), "mentees")),
    Role.COORDINATOR: (
        (N_("button.queue"), "queue.next"),
        (N_("missing.door"), "missing"),
        (N_("announce.door"), "announce"),
    ),
}
COMMANDS: tuple[tuple[str, str, Role | None], ...] = (
    ("start", N_("command.start"), None),
    ("log", N_("command.log"), Role.STUDENT),
    ("feedback", N_("command.feedback"), Role.STUDENT),
    ("queue", N_("command.queue"), Role.MENTOR),
    ("queue", N_("command.queue"), Role.COORDINATOR),
    ("missing", N_("command.missing"), Role.COORDINATOR),
    ("announce", N_("command.announce"), Role.COORDINATOR),
    ("settings", N_("command.settings"), None),
    ("language", N_("command.language"), None),
    ("help", N_("command.help"), None),
    ("privacy", N_("command.privacy"), None),
)
FORMS_SHOWN = 3  # of those that wait
# What the forms that wait are called on the button that continues them.
FORM_NAMES = {
    "announcing": N_("form.name.announcing"),
    "join": N_("form.name.join"),
    "log": N_("form.name.log"),
}


async def show_home(_context: Context, _words: str) -> Show:
    """Show the overview."""
    return Show("home")


async def press_home(_context: Context, _press: Press) -> Show:
    """Come back to the overview."""
    return Show("home")


async def home_card(view: View) -> Message | None:
    """Draw the overview of this person."""
    _, person = view.texts, view.person
    if not person.roles:
        text = _("home.suspended") if person.suspended else _("home.stranger", name=person.name)
        others = (button(_.plain("button.language"), "language.next"), button(_.plain("button.help"), "help"))
        return Message(text, (*await forms_to_continue(view), others))
    if not has_agreed(person):
        agree = button(_.plain("join.agree"), "privacy.agree", 0, NOTICE_VERSION)
        language = button(_.plain("button.language"), "language.next")
        return Message(join((_("access.agree_first"), _("privacy.short")), "\n\n"), ((agree,), (language,)))
    roles = [role for role in Role if role in person.roles]
    lines = [line for role in roles for line in await GLANCES[role](view)]
    rows: list[tuple[Button, ...]] = list(await forms_to_continue(view))
    for role in roles:
        doors = [button(_.plain(words), verb) for words, verb in DOORS[role]]
        rows += [tuple(doors[i : i + 2]) for i in range(0, len(doors), 2)]
    rows.append((button(_.plain("button.settings"), "settings"), button(_.plain("button.help"), "help")))
    return Message(join((_("home.greeting", name=person.name), join(lines) or None), "\n\n"), rows)


async def forms_to_continue(view: View) -> tuple[tuple[Button, ...], ...]:
    """Make the buttons that lead back into the forms that are open, the active one first."""
    _ = view.texts
    open_forms = [view.person.draft] if view.person.draft else []
    open_forms += await drafts.waiting(view.tx, view.person.id)
    named = [(_.plain(FORM_NAMES[draft.form]), draft) for draft in open_forms if draft.form in FORM_NAMES]
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
    routes.command("menu", show_home)
    routes.button("home", press_home, open_to_all=True)
    routes.card("home", home_card)
    routes.card("menu", menu_card)
