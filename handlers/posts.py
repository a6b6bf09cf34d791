"""Browsing internship posts: a list on one card, by city and by words, and each post with what to do about it.

The list's city and words are the answers of a draft, so typing searches while the list is the active form, and they
are still there when somebody comes back from a post.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from bot.context import Refused
from bot.send import Button, Message, Show
from bot.texts import N_, join
from domain.posts import row_label
from domain.words import clean_line, shorten
from handlers import answers, post_card
from handlers.buttons import PAGE, button, pager
from storage import drafts, post_cities, posts

if TYPE_CHECKING:
    import telegram
    from markupsafe import Markup

    from bot.context import Context, Press, View
    from bot.routes import Routes
    from domain.people import Draft
    from domain.posts import Post
    from storage.database import Transaction

LIST = "post_search"  # the form that takes words, and the card that shows what they find
CITIES = "post_cities"
CITIES_ON_A_PAGE = 8
WORDS_LIMIT = 60
_STEP = "words"
_NARROW = 16  # characters of a button of which two fit on a line


# --- the list ---------------------------------------------------------------------------------------------------


async def open_posts(context: Context, words: str) -> Show:
    """Open the list from its beginning; `/posts nurse` searches at once."""
    return await _filter(context, words=clean_line(words)[:WORDS_LIMIT], city="")


async def press_posts(context: Context, _press: Press) -> Show:
    """Open the list from its beginning."""
    return await open_posts(context, "")


async def search(context: Context, _draft: Draft, message: telegram.Message) -> Show:
    """Look for what was typed while the list is open."""
    if message.text is None:
        raise Refused(N_("posts.words_wanted"))
    return await _filter(context, words=answers.line(message, limit=WORDS_LIMIT))


async def turn_page(context: Context, press: Press) -> Show:
    """Show a page of the list, also when coming back from a post; what is typed then searches again."""
    page = press.page
    if context.person.draft is None or context.person.draft.form != LIST:
        return await _filter(context, page=page)
    return Show(LIST, args={"page": page})


async def choose_city(_context: Context, press: Press) -> Show:
    """Show the cities to choose from."""
    return Show(CITIES, args={"page": press.page})


async def take_city(context: Context, press: Press) -> Show:
    """Show the posts of one city, or of all."""

    async def find(tx: Transaction) -> str | None:
        city = next((name for name in await post_cities.names(tx) if _code(name) == press.rest), None)
        if city is None:
            return None
        today, words = await post_card.today_of(tx, context.person, context.now), await _words(tx, context.person.id)
        there = await posts.listed(tx, context.person.id, today=today, city=city, words=words, limit=1)
        return city if there else None

    city = await context.read(find) if press.rest else ""
    if city is None:
        return Show(CITIES, toast=N_("posts.city_gone"))
    return await _filter(context, city=city)


async def clear(context: Context, press: Press) -> Show:
    """Forget the words, or words and city."""
    return await _filter(context, words="", city="" if press.rest == "all" else None)


async def leave(context: Context, _press: Press) -> Show:
    """Go home: what is typed there is no search."""

    async def work(tx: Transaction) -> Show:
        if context.person.draft is not None and context.person.draft.form == LIST:
            await drafts.pause(tx, context.person.id)
        return Show("home")

    return await context.write(work)


async def _filter(context: Context, *, words: str | None = None, city: str | None = None, page: int = 0) -> Show:
    """Change what the list shows (None leaves it as it is) and let typing search in it."""

    async def work(tx: Transaction) -> Show:
        draft = await drafts.get(tx, context.person.id, LIST)
        kept = dict(draft.answers) if draft else {}
        kept |= {name: value for name, value in (("words", words), ("city", city)) if value is not None}
        await drafts.activate(tx, context.person.id, LIST, step=_STEP, answers=kept, now=context.now)
        return Show(LIST, args={"page": page})

    return await context.write(work)


async def _words(tx: Transaction, person_id: int) -> str:
    draft = await drafts.get(tx, person_id, LIST)
    return str(draft.answers.get("words", "")) if draft else ""


async def list_card(view: View) -> Message | None:
    """Draw a page of the list."""
    _, person = view.texts, view.person
    if not person.roles:
        return None
    draft = await drafts.get(view.tx, person.id, LIST)
    words, city = (str(draft.answers.get(name, "")) if draft else "" for name in ("words", "city"))
    today = await post_card.today_of(view.tx, person, view.now)
    page = int(view.args.get("page", 0))
    rows: list[Post] = []
    for start in dict.fromkeys((page, 0)):  # a page that has run empty meanwhile gives way to the first
        rows = await posts.listed(
            view.tx, person.id, today=today, city=city, words=words, limit=PAGE + 1, offset=start * PAGE
        )
        page = start
        if rows:
            break
    more = len(rows) > PAGE
    return Message(
        _list_text(view, rows, words, city, page),
        [
            *([_row(post, page)] for post in rows[:PAGE]),
            pager(_, "posts.page", page, page + 1 + more),
            *_list_buttons(view, bool(rows), words, city),
        ],
    )


def _row(post: Post, page: int) -> Button:
    said = post.details
    return button(row_label(said.title, said.city, said.pay), "post.open", post.id, rest=f"p{page}")


def _list_text(view: View, rows: list[Post], words: str, city: str, page: int) -> Markup:
    _ = view.texts
    head = join(
        (
            _("posts.title") if page == 0 else _("posts.title_page", page=page + 1),
            _("posts.city", city=city) if city else None,
            _("posts.words", words=words) if words else None,
        )
    )
    if rows:  # in full, since a button has no room for an enterprise
        lines = [_("posts.line", title=post.details.title, enterprise=post.enterprise) for post in rows[:PAGE]]
        said = join((join(lines), _("posts.found") if words else _("posts.hint")), "\n\n")
    else:
        said = _("posts.nothing_fits") if words or city else _("posts.none")
    return join((head, said), "\n\n")


def _list_buttons(view: View, found: bool, words: str, city: str) -> list[list[Button]]:  # noqa: FBT001 - a fact
    _ = view.texts
    row = []
    if found or city:
        label = _.plain("posts.city_is", city=shorten(city, _NARROW)) if city else _.plain("posts.by_city")
        row.append(button(label, "posts.cities"))
    if words:
        row.append(button(_.plain("posts.clear"), "posts.clear", rest="words"))
    rows = [row] if row else []
    if not found and words and city:
        rows.append([button(_.plain("posts.show_all"), "posts.clear", rest="all")])
    return [*rows, [button(_.plain("button.home"), "posts.leave")]]


# --- cities -----------------------------------------------------------------------------------------------------


async def cities_card(view: View) -> Message | None:
    """Draw the cities of the posts, with how many there are in each."""
    _, person = view.texts, view.person
    if not person.roles:
        return None
    today = await post_card.today_of(view.tx, person, view.now)
    words = await _words(view.tx, person.id)
    there = await post_cities.listed(view.tx, person.id, today=today, words=words)
    rows = there.counted
    pages = max(1, -(-len(rows) // CITIES_ON_A_PAGE))
    page = min(int(view.args.get("page", 0)), pages - 1)
    shown = rows[page * CITIES_ON_A_PAGE : (page + 1) * CITIES_ON_A_PAGE]
    buttons = [
        button(_.plain("posts.city_count", city=shorten(city, 30), n=_up_to(n)), "posts.city", rest=_code(city))
        for city, n in shown
    ]
    width = 1 if any(len(city) > _NARROW for city, _n in shown) else 2
    said = _("posts.cities") if rows else _("posts.no_cities")
    newest = _("posts.cities_newest", n=_.number(post_cities.NEWEST)) if there.newest_only else None
    head = join((said, _("posts.words", words=words) if words else None, newest))
    return Message(
        head,
        [
            *(buttons[i : i + width] for i in range(0, len(buttons), width)),
            pager(_, "posts.cities", page, pages),
            [button(_.plain("posts.all_cities"), "posts.city")],
            [button(_.plain("button.back"), "posts.page", rest=0), button(_.plain("button.home"), "posts.leave")],
        ],
    )


def _up_to(count: int) -> str:
    return str(count) if count < post_cities.MANY else f"{post_cities.MANY - 1}+"


def _code(city: str) -> str:
    """Return a short word for a city that a button can carry; its name may be longer than a button's 64 bytes."""
    return hashlib.sha256(city.encode()).hexdigest()[:12]


# --- a post -----------------------------------------------------------------------------------------------------


async def open_post(context: Context, press: Press) -> Show:
    """Open the card of a post."""
    await context.read(lambda tx: posts.for_reader(tx, press.id, context.person.id))
    return Show(post_card.CARD, press.id, args={"from": press.rest or "p0"})


def register(routes: Routes) -> None:
    """Let everybody with a role browse."""
    routes.command("posts", open_posts)
    routes.button("posts", press_posts)
    routes.button("posts.page", turn_page)
    routes.button("posts.cities", choose_city)
    routes.button("posts.city", take_city)
    routes.button("posts.clear", clear)
    routes.button("posts.leave", leave)
    routes.button("post.open", open_post, card=post_card.CARD)
    routes.form(LIST, search)
    routes.card(LIST, list_card)
    routes.card(CITIES, cities_card)
    routes.card(post_card.CARD, post_card.post_card)
