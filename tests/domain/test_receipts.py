"""The numbers by which people name a log."""

from __future__ import annotations

import pytest

from domain.receipts import log_of, number_of


def test_there_and_back():
    """Every number is short, of digits alone, and leads back to its log."""
    for log_id in (*range(1, 2000), 98_765, 1_234_567):
        number = number_of(log_id)
        assert number.isdigit()
        assert 4 <= len(number) <= 8
        assert log_id == log_of(number)


def test_the_check_digit_is_the_known_one():
    """572 has the check digit 4 (Damm's own example)."""
    assert "5724" == number_of(572)


def test_a_slip_names_no_other_log():
    """One wrong digit, or two neighbours swapped, is no number of any log."""
    for log_id in (7, 17, 481, 90_210):
        number = number_of(log_id)
        for at, right in enumerate(number):
            for wrong in set("0123456789") - {right}:
                assert log_of(number[:at] + wrong + number[at + 1 :]) is None
            swapped = number[:at] + number[at : at + 2][::-1] + number[at + 2 :]
            assert swapped == number or log_of(swapped) is None


@pytest.mark.parametrize(
    "typed",
    ["0174", " 01 74 ", "No. 0174", "№ 0174", "#0174", "编号0174", "回执编号：0174", "0174号", "０１７４", "log 0174"],
)
def test_as_people_write_it(typed):
    """With a word before it, spaces, or the wide digits of a Chinese keyboard."""
    assert 17 == log_of(typed)


@pytest.mark.parametrize("typed", ["", "174", "38", "40 h", "0000", "0175", "20230115001", "my log is 0174", "-0174"])
def test_what_is_none(typed):
    """Hours, amounts, longer numbers and sentences are not taken for one."""
    assert log_of(typed) is None
