"""The roster: what people send as name and number, and what the school's list says about it."""

from __future__ import annotations

import pytest

from domain.roster import Match, RosterLine, clean_number, compare, name_and_number


@pytest.mark.parametrize(
    ("said", "name", "number"),
    [
        ("张小明 20230115", "张小明", "20230115"),
        ("20230115 张小明", "张小明", "20230115"),
        ("张小明20230115", "张小明", "20230115"),
        ("张小明，２０２３０１１５", "张小明", "20230115"),
        ("姓名：张小明 学号：20230115", "张小明", "20230115"),
        ("Zhang Xiaoming, N-2301-07", "Zhang Xiaoming", "N-2301-07"),
        ("Ann O'Neil\nb20230115", "Ann O'Neil", "B20230115"),
        ("阿依古丽·买买提 20230116", "阿依古丽·买买提", "20230116"),
        ("\u202e张小明\u202c 20230115", "张小明", "20230115"),
        ("<b>Ann</b> 20230115", "<b>Ann</b>", "20230115"),
    ],
)
def test_name_and_number_are_found_in_either_order(said, name, number):
    """A name and a number are read however they are written in one message."""
    assert (name, number) == name_and_number(said)


@pytest.mark.parametrize(
    "said", ["", "张小明", "20230115", "张小明 20230115 20230116", "x" * 61 + " 20230115", "!!!", "12"]
)
def test_what_lacks_either_is_not_guessed(said):
    """Without exactly one number and a name of a name's length nothing is read."""
    assert name_and_number(said) is None


def test_two_writings_of_a_number_are_one():
    """Width, case and spaces do not make another number."""
    assert "N-2301" == clean_number("ｎ-23 01")


LINE = RosterLine(7, class_id=1, number="20230115", name="张小明", person_id=None)


@pytest.mark.parametrize(
    ("line", "name", "class_id", "match"),
    [
        (None, "张小明", 1, Match.UNKNOWN),
        (LINE, "张小明", 1, Match.SAME),
        (LINE, "张 小明", 1, Match.SAME),
        (LINE, "李华", 1, Match.OTHER_NAME),
        (LINE, "张小明", 2, Match.OTHER_CLASS),
        (RosterLine(7, 1, "20230115", "张小明", person_id=4), "张小明", 1, Match.TAKEN),
        (RosterLine(7, 1, "20230115", "张小明", person_id=3), "张小明", 1, Match.SAME),
        (RosterLine(7, 1, "20230115", "张小明", None, closed=True), "张小明", 1, Match.CLOSED),
    ],
)
def test_the_roster_judges_what_a_person_says(line, name, class_id, match):
    """Only the right name, number and class let somebody in at once."""
    assert match is compare(line, class_id=class_id, name=name, person_id=3)
