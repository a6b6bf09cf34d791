"""Invitations: their codes and their state."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.invitations import (
    VALID_FOR,
    Invitation,
    InvitationKind,
    InvitationState,
    code_of,
    derive_code,
    hash_code,
    link,
    looks_like_code,
)

NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)
SECRET, NONCE = "123456:test-token", "a-nonce"
OPEN = Invitation(
    id=1,
    kind=InvitationKind.MENTOR,
    school_id=1,
    class_id=None,
    enterprise_id=1,
    nonce=NONCE,
    code_hash=hash_code(derive_code(SECRET, NONCE)),
    uses=0,
    uses_left=1,
    expires_at=NOW + VALID_FOR,
    revoked_at=None,
    created_by=None,
    school="Riverside College",
    class_name="",
    enterprise="City Hospital",
    inviter="",
    time_zone="Asia/Shanghai",
)


def test_a_code_fits_into_a_start_parameter():
    """A code has the form that Telegram passes on, and its link opens the bot."""
    code = derive_code(SECRET, NONCE)
    assert looks_like_code(code)
    assert 22 == len(code)
    assert f"https://t.me/shixi_bot?start={code}" == link("shixi_bot", code)


@pytest.mark.parametrize("payload", ["", "abc", "A" * 21, "A" * 23, "A" * 21 + "=", "A" * 21 + "中", " " + "A" * 21])
def test_what_is_not_a_code_is_seen_at_once(payload):
    """A part of a code, or something else, is not looked up."""
    assert not looks_like_code(payload)


def test_every_nonce_and_every_token_has_its_own_code():
    """Codes of other nonces or bots are others."""
    codes = {derive_code(SECRET, NONCE), derive_code(SECRET, "other"), derive_code("123456:other", NONCE)}
    assert 3 == len(codes)


def test_a_link_can_be_shown_again_until_the_token_changes():
    """The code comes back from the nonce with the token it was made with, and with no other."""
    assert derive_code(SECRET, NONCE) == code_of(OPEN, SECRET)
    assert code_of(OPEN, "123456:other") is None


@pytest.mark.parametrize(
    ("change", "after", "state"),
    [
        ({}, timedelta(0), InvitationState.OPEN),
        ({}, VALID_FOR - timedelta(seconds=1), InvitationState.OPEN),
        ({}, VALID_FOR, InvitationState.EXPIRED),
        ({"uses_left": 0, "uses": 1}, timedelta(0), InvitationState.USED),
        ({"uses_left": 0, "uses": 1}, VALID_FOR, InvitationState.USED),
        ({"revoked_at": NOW}, timedelta(0), InvitationState.REVOKED),
        ({"revoked_at": NOW, "uses_left": 0}, VALID_FOR, InvitationState.REVOKED),
    ],
)
def test_the_state_says_the_plainest_reason(change, after, state):
    """A link is open, used up, expired or revoked; where several hold, the one that somebody caused."""
    assert state is replace(OPEN, **change).state(NOW + after)
