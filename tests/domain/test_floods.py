"""How fast one person may go: a burst at once, then a steady pace, then no more."""

from __future__ import annotations

import pytest

from domain.floods import Allowance, for_members, for_strangers

SMALL = Allowance(burst=3, per_second=2, patience=1)


def taken(allowance: Allowance, moments: list[float], spent: float = 0) -> list[float | None]:
    """When each update that arrives at these moments has its turn."""
    turns: list[float | None] = []
    for now in moments:
        admitted = allowance.admit(spent, now)
        turns.append(None if admitted is None else max(admitted[0], now))
        spent = spent if admitted is None else admitted[1]
    return turns


def test_a_burst_then_a_pace_then_no_more():
    """The burst goes at once, what follows half a second apart, and what would wait over a second is refused."""
    assert [100, 100, 100, 100.5, 101, None, None] == taken(SMALL, [100] * 7)


def test_who_keeps_the_pace_never_waits():
    """Two a second may go on for ever."""
    moments = [100 + number / 2 for number in range(1000)]
    assert moments == taken(SMALL, moments)


def test_what_was_refused_costs_nothing():
    """However long a flood lasts, its sender goes on at the pace, and after a pause has the burst again."""
    assert [None, 101.5] == taken(SMALL, [100] * 7 + [100.25, 100.5])[7:]
    assert [102.5, 102.5, 102.5, 103] == taken(SMALL, [100] * 7 + [102.5] * 4)[7:]


@pytest.mark.parametrize(("allowance", "most"), [(for_members(3), 160), (for_strangers(3), 30)])
def test_how_much_is_taken_at_once(allowance, most):
    """Over the hundred that Telegram lets somebody forward at once; of a stranger less."""
    turns = taken(allowance, [1000.0] * 200)
    assert most == sum(turn is not None for turn in turns)
    assert [None] * (200 - most) == turns[most:]


def test_what_was_used_up_is_carried_over():
    """Who turns out to have agreed has used up as many updates as before, each of which now costs less."""
    strangers, members = for_strangers(3), for_members(3)
    spent = 1000.0
    for _ in range(15):
        _turn, spent = strangers.admit(spent, 1000)
    turns = taken(members, [1000.0] * 30, members.carried_over(spent, 1000, strangers))
    assert 5 == sum(turn > 1000.001 for turn in turns)
    assert 1000 + 5 / 3 == pytest.approx(turns[-1])
    assert 1000 == members.carried_over(990, 1000, strangers)
