"""Home: where a person is, what waits for them, and what they can do next, in one card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.send import Message, Show
from bot.texts import N_, join
from domain.people import Role
from handlers.access import has_agreed
from handlers.buttons import button
from storage import drafts

if TYPE_CHECKING:
    from bot.context import Context, Press, View
    from bot.routes import Routes
    from bot.send import Button
    from bot.texts import Texts

# What each role can do: the id of the button's words and its verb. The first is the most useful one.
DOORS: dict[Role, tuple[tuple[str, str], ...]] = {
    Role.STUDENT: ((N_("button.log"), "log.now"),),
    Role.MENTOR: (),
    Role.COORDINATOR: (),
}
COMMANDS: tuple[tuple[str, str, Role | None], ...] = (
    ("start", N_("command.start"), None),
    ("log", N_("command.log"), Role.STUDENT),
    ("settings", N_("command.settings"), None),
    ("help", N_("command.help"), None),
    ("privacy", N_("command.privacy"), None),
)
# What the forms that wait are called on the button that continues them.
FORM_NAMES = {
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
        return Message(text, await _waiting(view) + ((button(_.plain("button.language"), "language.next"),),))
    if not has_agreed(person):
        return Message(
            join((_("access.agree_first"), _("privacy.short")), "\n\n"),
            ((button(_.plain("join.agree"), "join.agree"),),),
        )
    lines = [_("home.greeting", name=person.name)]
    rows: list[tuple[Button, ...]] = list(await _waiting(view))
    for role in Role:
        if role in person.roles:
            doors = [button(_.plain(words), verb) for words, verb in DOORS[role]]
            rows += [tuple(doors[i : i + 2]) for i in range(0, len(doors), 2)]
    rows.append((button(_.plain("button.settings"), "settings"), button(_.plain("button.help"), "help")))
    return Message(join(lines), rows)


async def _waiting(view: View) -> tuple[tuple[Button, ...], ...]:
    _ = view.texts
    open_forms = [view.person.draft] if view.person.draft else []
    open_forms += await drafts.waiting(view.tx, view.person.id)
    return tuple(
        (
            button(
                _.plain("home.continue", what=_.plain(FORM_NAMES[draft.form])),
                "form.resume",
                draft.subject,
                rest=draft.form,
            ),
        )
        for draft in open_forms
        if draft.form in FORM_NAMES
    )


def menu(_: Texts, roles: frozenset[Role]) -> tuple[tuple[str, str], ...]:
    """Return the command menu that fits these roles."""
    return tuple((name, _.plain(words)) for name, words, role in COMMANDS if role is None or role in roles)


async def menu_card(view: View) -> Message | None:
    """Put the person's command menu in place."""
    return Message(view.texts("home.greeting", name=view.person.name), commands=menu(view.texts, view.person.roles))


def register(routes: Routes) -> None:
    """Open the overview from everywhere."""
    routes.command("menu", show_home)
    routes.button("home", press_home, open_to_all=True)
    routes.card("home", home_card)
    routes.card("menu", menu_card)
