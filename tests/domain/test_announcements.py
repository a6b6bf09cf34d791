"""Announcements: choosing an audience, counting, and how often the author's card changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from domain.announcements import Audience, Progress, Who, progress_slot

NOON = datetime(2026, 11, 16, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "audience",
    [Audience(), Audience(Who.MISSING, (3, 1)), Audience(Who.ENTERPRISE, (), 7), Audience(Who.EVERYONE)],
)
def test_an_audience_comes_back_as_it_was_kept(audience):
    """What is dumped is loaded again."""
    assert audience == Audience.load(audience.dump())


def test_an_empty_object_is_all_students():
    """A row that says nothing means the default."""
    assert Audience(Who.STUDENTS) == Audience.load("{}")


def test_classes_are_ticked_and_unticked():
    """The second press takes a class out again; without any all classes are meant."""
    both = Audience(Who.MENTORS).toggle(1).toggle(2)
    assert Audience(Who.MENTORS, (1, 2)) == both
    assert Audience(Who.MENTORS, (2,)) == both.toggle(1)
    assert Audience(Who.MENTORS) == both.toggle(1).toggle(2)


def test_other_people_keep_the_classes_and_an_enterprise_has_none():
    """Whoever changes from students to mentors means the same classes; an enterprise stands alone."""
    chosen = Audience().toggle(1)
    assert Audience(Who.MISSING, (1,)) == chosen.of(Who.MISSING)
    assert Audience(Who.ENTERPRISE, (), 9) == chosen.at(9)
    assert Audience(Who.STUDENTS) == chosen.at(9).of(Who.STUDENTS)
    assert Audience(Who.STUDENTS, (4,)) == chosen.at(9).toggle(4)
    assert Audience(Who.COLLEAGUES) == chosen.of(Who.COLLEAGUES)
    assert Audience(Who.STUDENTS, (4,)) == Audience(Who.COLLEAGUES).toggle(4)


def test_progress_adds_up():
    """Unreached are those who failed and those who stopped the bot; open never goes below nothing."""
    assert (5, 38) == ((far := Progress(86, 20, 61, 23, 3, 2)).unreached, far.open)
    assert 0 == Progress(2, sent=0, acknowledged=1, failed=2).open


def test_one_span_of_three_seconds_has_one_moment_after_it():
    """Everything within a span falls due together, a second behind its end; the next span has its own."""
    slots = [progress_slot(NOON + timedelta(seconds=seconds)) for seconds in (0, 1, 2.999, 3)]
    assert slots[0] == slots[1] == slots[2] != slots[3]
    assert NOON + timedelta(seconds=4) == slots[0][1]
    assert timedelta(seconds=3) == slots[3][1] - slots[0][1]
