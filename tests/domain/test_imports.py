"""The rules for rows of imported files."""

from __future__ import annotations

from datetime import date

import pytest

from domain.imports import CITY_LIMIT, Problem, Trouble, read_placement, read_post, read_student
from domain.posts import PostDetails

STUDENT = {"class": "Nursing 2301", "number": "20230115", "name": "张小明"}
PLACEMENT = {"number": "20230115", "enterprise": "City Hospital", "start": "2026-11-16", "end": "2027-02-07"}
POST = {"enterprise": "City Hospital", "title": "Ward nurse"}


def trouble(read, cells) -> tuple[Trouble, str]:
    """What a row is refused for, and the column."""
    with pytest.raises(Problem) as caught:
        read(cells)
    return caught.value.trouble, caught.value.column


def test_a_student_row_is_cleaned():
    """Width, case and useless spaces of a number and a name do not matter, nor do hidden characters."""
    row = read_student({"class": " 护理　2301 ", "number": " ２０２３０１１５ｘ ", "name": "张小明\u200b\n"})
    assert ("护理 2301", "20230115X", "张小明") == (row.class_name, row.number, row.name)


@pytest.mark.parametrize("column", ["class", "number", "name"])
def test_a_student_row_needs_all_three(column):
    """A required cell that is absent or blank is missing."""
    cells = {name: text for name, text in STUDENT.items() if name != column}
    assert (Trouble.MISSING, column) == trouble(read_student, cells)
    assert (Trouble.MISSING, column) == trouble(read_student, cells | {column: " \u3000\t"})


@pytest.mark.parametrize("number", ["12", "abc", "2.02E+07", "20230115.5", "2023 01 15 号", "1" * 25, "😀123", "-123"])
def test_what_is_no_student_number(number):
    """A number that Excel shortened, or that is none, is refused."""
    assert (Trouble.NOT_A_STUDENT_NUMBER, "number") == trouble(read_student, STUDENT | {"number": number})


def test_a_name_has_a_limit():
    """A name of more than sixty characters is refused with its length."""
    with pytest.raises(Problem) as caught:
        read_student(STUDENT | {"name": "x" * 61})
    assert (Trouble.TOO_LONG, {"limit": 60, "length": 61}) == (caught.value.trouble, caught.value.values)


@pytest.mark.parametrize(
    "written",
    ["2026-11-16", "2026/11/16", "2026.11.16", "2026年11月16日", "20261116", "16 Nov 2026", "２０２６-１１-１６",
     "2026-11-16 00:00:00", "2026/11/16 0:00", "2026-11-16T00:00:00Z"],
)  # fmt: skip
def test_days_with_a_year_are_read(written):
    """A day is understood in the ways in which tables hold it."""
    assert date(2026, 11, 16) == read_placement(PLACEMENT | {"start": written}).starts_on


@pytest.mark.parametrize("written", ["11-16", "11月16日", "tomorrow", "下周一", "16 Nov", "月底", "29 Feb"])
def test_days_without_a_year_are_refused(written):
    """What means another day when the file is imported again is refused, and said to lack its year."""
    assert (Trouble.NO_YEAR, "start") == trouble(read_placement, PLACEMENT | {"start": written})


@pytest.mark.parametrize(
    "written", ["soon", "2026-13-01", "2026-02-30", "46357", "0026-11-16", "9999-01-01", "13/13/2026"]
)
def test_what_is_no_day(written):
    """Impossible days, numbers and words are no days."""
    assert (Trouble.NOT_A_DAY, "end") == trouble(read_placement, PLACEMENT | {"end": written})


def test_a_period_runs_forward():
    """A period must not end before it starts."""
    assert (Trouble.END_BEFORE_START, "end") == trouble(read_placement, PLACEMENT | {"end": "2026-11-15"})
    assert date(2026, 11, 16) == read_placement(PLACEMENT | {"end": "2026-11-16"}).ends_on


def test_a_period_of_more_than_two_years_is_a_slip():
    """A wrong year is caught."""
    assert (Trouble.TOO_MANY_DAYS, "end") == trouble(read_placement, PLACEMENT | {"end": "2036-11-16"})


def test_a_placement_needs_both_days():
    """Start and end are required."""
    assert (Trouble.MISSING, "start") == trouble(read_placement, PLACEMENT | {"start": " "})
    assert (Trouble.MISSING, "end") == trouble(read_placement, PLACEMENT | {"end": ""})


def test_a_post_needs_only_enterprise_and_title():
    """All other columns may be absent."""
    row = read_post(POST)
    assert ("City Hospital", PostDetails("Ward nurse"), "") == (row.enterprise, row.details, row.apply_url)
    assert (Trouble.MISSING, "enterprise") == trouble(read_post, {"title": "Ward nurse"})
    assert (Trouble.MISSING, "title") == trouble(read_post, {"enterprise": "City Hospital", "title": "\u200b"})


def test_a_whole_post():
    """Every column arrives in its place; tasks keep their lines."""
    more = {
        "tasks": "Rounds \n\n\n\n Records",
        "city": "上海",
        "pay": "3000元/月",
        "places": "5人",
        "apply_by": "2026-10-01",
    }
    period = {"start": "2026-11-16", "end": "2027-02-07", "apply_url": "https://example.org/jobs/1?a=b#c"}
    row = read_post(POST | more | period)
    days = (date(2026, 11, 16), date(2027, 2, 7), date(2026, 10, 1))
    assert PostDetails("Ward nurse", "Rounds\n\nRecords", "上海", "3000元/月", 5, *days) == row.details
    assert "https://example.org/jobs/1?a=b#c" == row.apply_url


@pytest.mark.parametrize("places", ["5", "5人", "５ 名", "5.0", " 5 个 "])
def test_places_are_counted(places):
    """A number of places may carry its unit."""
    assert 5 == read_post(POST | {"places": places}).details.places


@pytest.mark.parametrize("places", ["0", "-1", "1000", "3-5人", "若干", "2.5", "9" * 400])
def test_places_have_bounds(places):
    """A number that is none, or out of bounds, is refused."""
    assert (Trouble.NOT_A_NUMBER, "places") == trouble(read_post, POST | {"places": places})


@pytest.mark.parametrize(
    "url",
    ["www.example.org", "ftp://example.org", "javascript:alert(1)", "http://", "https://[bad", "http://a b", "见官网"],
)
def test_links_are_web_addresses(url):
    """Only http and https with a host are links."""
    assert (Trouble.NOT_A_URL, "apply_url") == trouble(read_post, POST | {"apply_url": url})


def test_several_cities_in_one_cell():
    """A cell with several cities is taken up to its limit."""
    assert CITY_LIMIT == len(read_post(POST | {"city": "x" * CITY_LIMIT}).details.city)
    assert (Trouble.TOO_LONG, "city") == trouble(read_post, POST | {"city": "x" * (CITY_LIMIT + 1)})
