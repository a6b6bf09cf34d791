"""The pace: 30 messages a second overall, one a second in a chat, replies first."""

from __future__ import annotations

import time

from bot.pace import Pace


async def spent(pace: Pace, turns: int) -> float:
    began = time.monotonic()
    for _ in range(turns):
        await pace.turn()
    return time.monotonic() - began


async def test_the_outbox_keeps_to_the_rate():
    """Eleven turns at fifty a second take at least a fifth of a second."""
    assert await spent(Pace(50, 1), 11) >= 0.19


async def test_an_idle_bot_sends_at_once():
    """The first message waits for nothing, also after a pause."""
    pace = Pace(1, 1)
    assert await spent(pace, 1) < 0.5


async def test_replies_take_room_from_the_outbox():
    """Replies go at once; what they used the outbox waits for."""
    pace = Pace(50, 1)
    for _ in range(10):
        pace.spend()
    assert await spent(pace, 1) >= 0.15


async def test_after_a_flood_limit_nothing_goes():
    """Neither to that chat nor, for a moment, to anybody: the limit may be about all of them."""
    pace = Pace(1000, 1)
    pace.flooded(7, 0.2)
    assert pace.chat_is_cooling(7)
    assert await spent(pace, 1) >= 0.19


def test_a_chat_cools_after_a_message():
    """One chat waits its second, the others do not; a flood limit may be longer."""
    pace = Pace(30, 1)
    pace.chat_spent(7)
    assert pace.chat_is_cooling(7)
    assert not pace.chat_is_cooling(8)
    assert [7] == pace.cooling_chats()
    assert 0 < pace.soonest_chat() <= 1
    pace.flooded(7, 60)
    assert pace.soonest_chat() > 59


def test_chats_are_forgotten():
    """The memory of chats does not grow with the school."""
    pace = Pace(30, 1_000_000)
    for chat in range(20_000):
        pace.chat_spent(chat)
    time.sleep(0.01)
    assert [] == pace.cooling_chats()
    assert [] == list(pace._chats)


async def test_a_flood_of_replies_does_not_stop_the_outbox():
    """What replies take in advance has an end: after thousands of them the next message goes within two seconds."""
    pace = Pace(30, 1)
    for _ in range(5000):
        pace.spend()
    assert 1 <= await spent(pace, 1) <= 2.5
