"""Invitations: the link for a class, a mentor or a colleague, on a card that shows its state and takes it back."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from bot.context import Stale
from bot.send import Show
from bot.texts import N_
from domain.invitations import (
    CLASS_USES,
    VALID_FOR,
    InvitationKind,
    code_of,
    derive_code,
    hash_code,
)
from domain.people import Role
from handlers.invitation_cards import class_list_card, colleagues_card, enterprise_list_card, invitation_card
from storage import classes, enterprises, invitations, people, schools
from storage.errors import NotFound

if TYPE_CHECKING:
    from bot.context import Context, Press
    from bot.routes import Routes
    from storage.database import Transaction


async def invite_students(context: Context, press: Press) -> Show:
    """Show the open link of a class, or make one; one link serves the whole class."""
    nonce = secrets.token_urlsafe()

    async def work(tx: Transaction) -> Show:
        counted = await classes.for_coordinator(tx, press.id, context.person.id)
        for known in await invitations.of_class(tx, press.id, context.person.id, now=context.now):
            if code_of(known, _secret(context)):
                return Show("invitation", known.id)
        school = counted.rules.school_id
        return await _make(tx, context, InvitationKind.CLASS, nonce, school, class_id=press.id)

    return await context.write(work)


async def invite_mentor(context: Context, press: Press) -> Show:
    """Make a link for one mentor of an enterprise."""
    nonce = secrets.token_urlsafe()

    async def work(tx: Transaction) -> Show:
        school = await enterprises.school_of(tx, press.id, context.person.id)
        await _once(tx, context, press)
        return await _make(tx, context, InvitationKind.MENTOR, nonce, school, enterprise_id=press.id)

    return await context.write(work)


async def invite_colleague(context: Context, press: Press) -> Show:
    """Make a link for one more coordinator of a school."""
    nonce = secrets.token_urlsafe()

    async def work(tx: Transaction) -> Show:
        if press.id not in {school.id for school in await schools.schools_of_coordinator(tx, context.person.id)}:
            raise NotFound
        await _once(tx, context, press)
        return await _make(tx, context, InvitationKind.COORDINATOR, nonce, press.id)

    return await context.write(work)


async def _once(tx: Transaction, context: Context, press: Press) -> None:
    """Raise `Stale` for a second press on the same button, which carries the newest invitation of then."""
    newest = await invitations.made_by(tx, context.person.id)
    if newest != press.version:
        raise Stale(Show("invitation", newest))


async def _make(
    tx: Transaction,
    context: Context,
    kind: InvitationKind,
    nonce: str,
    school_id: int,
    *,
    class_id: int | None = None,
    enterprise_id: int | None = None,
) -> Show:
    invitation = await invitations.create(
        tx,
        kind,
        school_id=school_id,
        class_id=class_id,
        enterprise_id=enterprise_id,
        nonce=nonce,
        code_hash=hash_code(derive_code(_secret(context), nonce)),
        uses=CLASS_USES if kind is InvitationKind.CLASS else 1,
        expires_at=context.now + VALID_FOR,
        created_by=context.person.id,
        now=context.now,
    )
    await _record(tx, context, "invitation_made", invitation)
    return Show("invitation", invitation)


def _secret(context: Context) -> str:
    return context.settings.token.get_secret_value()


async def _record(tx: Transaction, context: Context, act: str, invitation_id: int) -> None:
    await people.record_act(
        tx, actor_id=context.person.id, act=act, subject_kind="invitation", subject_id=invitation_id, now=context.now
    )


async def show_invitation(_context: Context, press: Press) -> Show:
    """Show an invitation."""
    return Show("invitation", press.id)


async def ask_to_revoke(_context: Context, press: Press) -> Show:
    """Ask before a link is taken back."""
    return Show("invitation", press.id, args={"sure": 1})


async def revoke(context: Context, press: Press) -> Show:
    """Take a link back."""

    async def work(tx: Transaction) -> Show:
        await invitations.for_coordinator(tx, press.id, context.person.id)
        await invitations.revoke(tx, press.id, now=context.now)
        await _record(tx, context, "invitation_revoked", press.id)
        return Show("invitation", press.id, toast=N_("invitation.revoked_toast"))

    return await context.write(work)


async def list_of_class(_context: Context, press: Press) -> Show:
    """List the open links of a class."""
    return Show("class_invitations", press.id, args=_page(press))


async def list_of_enterprise(_context: Context, press: Press) -> Show:
    """List the open links for mentors of an enterprise."""
    return Show("enterprise_invitations", press.id, args=_page(press))


async def show_colleagues(_context: Context, press: Press) -> Show:
    """Show the coordinators of the school, and the open links for more."""
    return Show("colleagues", args=_page(press))


def _page(press: Press) -> dict[str, str | int]:
    return {"page": press.page}


def register(routes: Routes) -> None:
    """Let coordinators invite."""
    role = Role.COORDINATOR
    routes.button("invite.class", invite_students, role=role, card="class")
    routes.button("invite.mentor", invite_mentor, role=role, card="enterprise")
    routes.button("invite.colleague", invite_colleague, role=role)
    routes.button("invitation", show_invitation, role=role)
    routes.button("invitation.sure", ask_to_revoke, role=role)
    routes.button("invitation.revoke", revoke, role=role, card="invitation")
    routes.button("invitations.class", list_of_class, role=role)
    routes.button("invitations.enterprise", list_of_enterprise, role=role)
    routes.button("colleagues", show_colleagues, role=role)
    routes.card("invitation", invitation_card)
    routes.card("class_invitations", class_list_card)
    routes.card("enterprise_invitations", enterprise_list_card)
    routes.card("colleagues", colleagues_card)
