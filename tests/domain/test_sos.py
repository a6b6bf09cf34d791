"""A call for help: which telephone numbers are taken, and whom a call reaches."""

from __future__ import annotations

import pytest

from domain.sos import Helper, first_asked, phone_number


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("110", "110"),
        (" 021-5555  1234 ", "021-5555 1234"),
        ("+86 (21) 55551234", "+86 (21) 55551234"),
        ("０２１－５５５５１２３４", "021-55551234"),
        ("021–55551234", "021-55551234"),
        ("12", None),
        ("", None),
        ("call me", None),
        ("110 or 120", None),
        ("+", None),
        ("----", None),
        ("1" * 26, None),
        ("<b>110</b>", None),
        ("٣٨٣٨٣٨", None),
    ],
)
def test_a_telephone_number_as_people_write_it(typed, kept):
    """Digits with what people put between them; everything else is none."""
    assert kept == phone_number(typed)


def test_whom_it_reaches():
    """Those who look after the class, or the whole school."""
    near = Helper(1, "Wang", covers=True, stopped=False)
    far = Helper(2, "Chen", covers=False, stopped=False)
    assert [near] == first_asked([near, far], whole_school=False)
    assert [near, far] == first_asked([near, far], whole_school=True)
