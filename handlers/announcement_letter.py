"""What the readers of an announcement get, and the button that says that they have read it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from bot.send import Attachment, Message, Show
from bot.split import split
from bot.texts import N_, join
from domain.announcements import Announcement
from domain.files import StoredFile
from handlers.buttons import button
from storage import announcement_progress as progress
from storage import announcements

if TYPE_CHECKING:
    from bot.context import Context, Press, View
    from bot.routes import Routes
    from bot.texts import Texts
    from storage.database import Transaction

WHOLE = "announcing_whole"
CAPTIONED = 700  # UTF-16 units; with who it is from, Telegram's 1,024 for a caption are kept


async def readers_card(view: View) -> Message | None:
    """Draw an announcement for a reader, with the button that acknowledges it."""
    its = await announcements.of_reader(view.tx, view.subject, view.person.id)
    return _letter(view.texts, its)


async def reminder_card(view: View) -> Message | None:
    """Bring it once more, with a word of its author, to a reader who has not acknowledged it."""
    its = await announcements.of_reader(view.tx, view.subject, view.person.id)
    if its.acknowledged_at is not None:
        return None
    return _letter(view.texts, its, view.texts("announcement.again", author=its.author))


async def whole_card(view: View) -> Message | None:
    """Show the author what the readers will get."""
    _, its = view.texts, await announcements.of_author(view.tx, view.subject, view.person.id)
    back = button(_.plain("button.back"), "announce.show", its.id)
    return replace(_letter(_, its, _("announce.whole_title")), buttons=[[back]])


def _letter(_: Texts, its: Announcement, above: Markup | None = None) -> Message:
    """Draw the reader's card; it comes in the same parts before and after it is acknowledged, so it can be edited."""
    done = its.acknowledged_at is not None
    said = join((above, head(_, its), escape(its.text)), "\n\n")
    captioned = len(str(escape(its.text)).encode("utf-16-le")) // 2 <= CAPTIONED
    # Who has acknowledged has the file already: a card without it is edited in place.
    attached = [_attachment(its.file)] if its.file and (captioned or not done) else []
    if not its.acknowledge:
        return Message(said, attachments=attached, captioned=captioned)
    please = _("announcement.please_acknowledge")
    foot = _("announcement.acknowledged") if done else please
    rows = [] if done else [[button(_.plain("announcement.acknowledge"), "announcement.ack", its.id)]]
    if len(split(join((said, please), "\n\n"))) > 1:
        return Message(foot, rows, attachments=attached, ahead=said)
    return Message(join((said, foot), "\n\n"), rows, attachments=attached, captioned=captioned)


def _attachment(file: StoredFile) -> Attachment:
    return Attachment(file.kind, file.telegram_file_id)


def head(_: Texts, its: Announcement) -> Markup:
    """Say whom it is from."""
    return _("announcement.head", author=its.author, school=its.school)


async def acknowledge(context: Context, press: Press) -> Show:
    """Let a reader say that an announcement has been read; its author's card follows by itself."""

    async def work(tx: Transaction) -> Show:
        its = await announcements.of_reader(tx, press.id, context.person.id)
        new = await progress.acknowledge(tx, its, context.person.id, now=context.now)
        toast = N_("announcement.thanks") if new else N_("announcement.known")
        return Show(announcements.READERS_CARD, its.id, toast=toast)

    return await context.write(work)


def register(routes: Routes) -> None:
    """Open this part of the room."""
    routes.button("announcement.ack", acknowledge, card=announcements.READERS_CARD)
    routes.card(announcements.READERS_CARD, readers_card)
    routes.card(announcements.AGAIN_CARD, reminder_card)
    routes.card(WHOLE, whole_card)
    routes.after_sending(announcements.READERS_CARD, progress.announce_progress)
