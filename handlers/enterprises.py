"""Enterprises: those that a coordinator's school works with, the card of each, and a new one in two answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.send import Message, Show
from bot.texts import N_, join
from domain.people import Role
from handlers import answers
from handlers.buttons import PAGE, button, home, pager
from handlers.forms import Form, Step, open_form, register_form, resume_form
from storage import drafts, enterprises, invitations, schools
from storage.errors import NotFound

if TYPE_CHECKING:
    import telegram
    from markupsafe import Markup

    from bot.context import Context, Press, View
    from bot.routes import Routes
    from bot.texts import Texts
    from handlers.forms import Answers
    from storage.database import Transaction
    from storage.enterprises import Counted

NEW = "new_enterprise"
NAME_LIMIT, CITY_LIMIT = 100, 60
# What other rooms offer for an enterprise: the id of the button's words, and a verb that gets the enterprise's id.
DOORS: tuple[tuple[str, str], ...] = ((N_("enterprise.mentors_door"), "mentors"),)


async def show_enterprises(_context: Context, _words: str) -> Show:
    """List the enterprises of the coordinator's school."""
    return Show("enterprises")


async def turn_page(_context: Context, press: Press) -> Show:
    """List the enterprises, from a page on."""
    return Show("enterprises", args={"page": press.page})


async def open_enterprise(_context: Context, press: Press) -> Show:
    """Show an enterprise."""
    return Show("enterprise", press.id)


# --- a new one --------------------------------------------------------------------------------------------------


async def new_enterprise(context: Context, press: Press) -> Show:
    """Ask for an enterprise that the coordinator's school works with; one that was begun is gone on with."""

    async def work(tx: Transaction) -> Show:
        mine = await schools.schools_of_coordinator(tx, context.person.id)
        chosen = [school for school in mine if school.id == press.id] or mine
        if len(chosen) > 1:
            return Show("enterprise_school")
        if await drafts.get(tx, context.person.id, NEW, chosen[0].id):
            return await resume_form(tx, context, NEW, chosen[0].id)
        return await open_form(tx, context, NEW_ENTERPRISE, subject=chosen[0].id)

    return await context.write(work)


async def school_card(view: View) -> Message | None:
    """Ask somebody who coordinates several schools which one works with the enterprise."""
    mine = await schools.schools_of_coordinator(view.tx, view.person.id)
    rows = [(button(school.name, "enterprise.new", school.id),) for school in mine]
    return Message(view._("enterprise.which_school"), (*rows, (button(view._.plain("button.back"), "enterprises"),)))


def _take_name(_context: Context, message: telegram.Message, _answers: Answers) -> str:
    return answers.line(message, limit=NAME_LIMIT)


def _take_city(_context: Context, message: telegram.Message, _answers: Answers) -> str:
    return answers.line(message, limit=CITY_LIMIT)


async def _create(tx: Transaction, context: Context, said: Answers, school_id: int) -> Show:
    if school_id not in {school.id for school in await schools.schools_of_coordinator(tx, context.person.id)}:
        raise NotFound
    known = await enterprises.exists(tx, said["name"])
    enterprise = await schools.enterprise_named(tx, said["name"], city=said["city"] or "", now=context.now)
    await schools.link_enterprise(tx, school_id, enterprise.id)
    return Show("enterprise", enterprise.id, toast=N_("enterprise.linked") if known else N_("enterprise.created"))


NEW_ENTERPRISE = Form(
    NEW,
    N_("enterprise.new_title"),
    (
        Step("name", N_("enterprise.ask_name"), N_("enterprise.label_name"), _take_name),
        Step("city", N_("enterprise.ask_city"), N_("enterprise.label_city"), _take_city, optional=True),
    ),
    _create,
    done=N_("enterprise.create"),
    role=Role.COORDINATOR,
    after_cancel=lambda _subject: Show("enterprises"),
)


# --- cards ------------------------------------------------------------------------------------------------------


async def list_card(view: View) -> Message | None:
    """List the enterprises, five on a page."""
    _, mine = view.texts, await enterprises.of_coordinator(view.tx, view.person.id)
    last = (home(_),)
    if not mine:
        return Message(_("enterprises.none"), ((button(_.plain("enterprises.first"), "enterprise.new"),), last))
    pages = -(-len(mine) // PAGE)
    page = min(int(view.args.get("page", 0)), pages - 1)
    shown = mine[page * PAGE : (page + 1) * PAGE]
    text = join((_.plural("enterprises.title", len(mine)), join(_line(_, counted) for counted in shown)), "\n\n")
    rows = [(button(counted.enterprise.name, "enterprise", counted.enterprise.id),) for counted in shown]
    new = button(_.plain("enterprises.new"), "enterprise.new")
    return Message(text, (*rows, pager(_, "enterprises", page, pages), (new,), last))


def _line(_: Texts, counted: Counted) -> Markup:
    its = counted.enterprise
    said = N_("enterprises.name_city") if its.city else N_("enterprises.name")
    name = _(said, name=its.name, city=its.city)
    return _.plural("enterprises.line", counted.mentors, name=name)


async def enterprise_card(view: View) -> Message | None:
    """Draw an enterprise."""
    its = await schools.enterprise_for_coordinator(view.tx, view.subject, view.person.id)
    _, mentors = view.texts, await enterprises.mentors(view.tx, its.id, view.person.id)
    links = len(await invitations.of_enterprise(view.tx, its.id, view.person.id, now=view.now))
    posts = await enterprises.open_posts(view.tx, its.id)
    about = (
        _("enterprise.mentors", names=_.plain("class.comma").join(mentors)) if mentors else _("enterprise.no_mentors"),
        _.plural("enterprise.posts", posts) if posts else None,
        _.plural("enterprise.links", links) if links else None,
    )
    title = N_("enterprise.head_city") if its.city else N_("enterprise.head")
    newest = await invitations.made_by(view.tx, view.person.id)
    rows = [[button(_.plain("enterprise.invite"), "invite.mentor", its.id, newest)]]
    if links:
        rows.append([button(_.plain("enterprise.invitations"), "invitations.enterprise", its.id)])
    doors = [button(_.plain(words), verb, its.id) for words, verb in DOORS]
    rows += [doors[i : i + 2] for i in range(0, len(doors), 2)]
    rows.append([button(_.plain("enterprises.back"), "enterprises"), home(_)])
    return Message(join((_(title, name=its.name, city=its.city), join(about)), "\n\n"), rows)


def register(routes: Routes) -> None:
    """Open the enterprises to coordinators."""
    role = Role.COORDINATOR
    register_form(routes, NEW_ENTERPRISE)
    routes.command("enterprises", show_enterprises, role=role)
    routes.button("enterprises", turn_page, role=role, card="enterprises")
    routes.button("enterprise", open_enterprise, role=role)
    routes.button("enterprise.new", new_enterprise, role=role, card="enterprises")
    routes.card("enterprises", list_card)
    routes.card("enterprise", enterprise_card)
    routes.card("enterprise_school", school_card)
