"""`shixi invite coordinator`: a school, and the link that makes somebody its coordinator, before the bot ever ran."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click
from telegram import Bot
from telegram.error import NetworkError

from bot.app import clock_for
from bot.import_command import language_of_terminal
from bot.request import AiohttpRequest
from bot.texts import N_, Texts, all_texts
from domain.invitations import VALID_FOR, InvitationKind, derive_code, hash_code, link
from domain.words import clean_line, key
from storage import imports, invitations, people, schools
from storage.database import open_database

if TYPE_CHECKING:
    from bot.config import Settings
    from domain.people import Language
    from storage.database import Transaction

SCHOOL_LIMIT = 100  # characters; it stands in the middle of sentences
DONE, NOT_REACHED, WRONG_NAME = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Invited:
    """What was made: the link, until when it works, and whether the school is new."""

    link: str
    until: datetime
    school: str
    is_new: bool


def run_invite(settings: Settings, school: str, language: Language | None) -> int:
    """Make the invitation, print it in plain words, and return the exit status."""
    _ = all_texts()[language or language_of_terminal()]
    name = clean_line(school)
    if not name:
        click.echo(_.plain("invite.school_empty"), err=True)
        return WRONG_NAME
    if len(name) > SCHOOL_LIMIT:
        click.echo(_.plain("invite.school_too_long", length=len(name), limit=SCHOOL_LIMIT), err=True)
        return WRONG_NAME
    try:
        invited = asyncio.run(_invite(settings, name))
    except NetworkError:
        click.echo(_.plain("invite.not_reached", url=settings.api_url), err=True)
        return NOT_REACHED
    click.echo(_report(_, invited, ZoneInfo(settings.timezone)))
    return DONE


def _report(_: Texts, invited: Invited, zone: ZoneInfo) -> str:
    said = N_("invite.new_school") if invited.is_new else N_("invite.known_school")
    until = _.moment(invited.until, zone)
    return "\n\n".join(
        (
            _.plain(said, school=invited.school),
            invited.link,
            _.plain("invite.until", until=until, city=_.city(zone.key)),
        )
    )


async def _invite(settings: Settings, name: str) -> Invited:
    username = await _username(settings)  # first: an invitation that nobody can open is not made
    database = await open_database(settings.database_url)
    now, nonce = clock_for(settings)(), secrets.token_urlsafe()
    code = derive_code(settings.token.get_secret_value(), nonce)

    async def work(tx: Transaction) -> tuple[str, bool]:
        known = next((one for one in await imports.schools(tx) if key(one.name) == key(name)), None)
        school = known or await schools.school_named(tx, name, time_zone=settings.timezone, now=now)
        invitation = await invitations.create(
            tx,
            InvitationKind.COORDINATOR,
            school_id=school.id,
            nonce=nonce,
            code_hash=hash_code(code),
            uses=1,
            expires_at=now + VALID_FOR,
            now=now,
        )
        await people.record_act(
            tx,
            actor_id=None,
            act="invitation_made",
            subject_kind="invitation",
            subject_id=invitation,
            now=now,
        )
        return school.name, known is None

    try:
        school, is_new = await database.transaction(work)
    finally:
        await database.close()
    return Invited(link(username, code), now + VALID_FOR, school, is_new)


async def _username(settings: Settings) -> str:
    request = AiohttpRequest(connections=1)
    bot = Bot(
        settings.token.get_secret_value(),
        base_url=f"{settings.api_url}/bot",
        request=request,
        get_updates_request=request,
    )
    await request.initialize()
    try:
        return str((await bot.get_me()).username)
    finally:
        await request.shutdown()
