"""Who uses Shixi: languages and names."""

from __future__ import annotations

import pytest

from domain.people import Language, name_of


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("小明", "张", "张小明"),
        ("Ann", "Miller", "Ann Miller"),
        ("小明", None, "小明"),
        ("Ann", "张", "Ann 张"),
        ("\u202eA\u200bnn", "\u2060", "Ann"),
    ],
)
def test_names_are_said_as_their_owners_say_them(first, last, said):
    """A Chinese family name comes first and without a space."""
    assert said == name_of(first, last)


@pytest.mark.parametrize(("tag", "language"), [("zh-hans", "zh_Hans"), ("zh-TW", "zh_Hans"), ("de", "en")])
def test_any_chinese_tag_is_chinese(tag, language):
    """Everything else is answered in English."""
    assert Language(language) is Language.of_telegram(tag)
