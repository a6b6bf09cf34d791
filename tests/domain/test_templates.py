"""What a template asks: how each part stands, what lacks before a log can be handed in, what is kept of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.files import StoredFile
from domain.logs import EXTRAS, LOG_LIMIT, SECTION_LIMIT, Lack, Log, LogFile, LogState, Section
from domain.placements import Placement
from domain.schools import Class
from domain.templates import (
    CHOSEN,
    QUESTION_LIMIT,
    USUAL,
    Asked,
    Question,
    Template,
    Templates,
    Version,
    is_possible,
    parse,
)

WEEK = date(2026, 11, 16)
FULL = replace(
    USUAL.asking(Section.LEARNED, Asked.REQUIRED).asking(Section.PLAN, Asked.OUT),
    least=20,
    photos=2,
).with_question(Section.EXTRA2, Question('Which "rule"?\n{规定}', required=True))


def log_with(
    template: Template, state: LogState = LogState.DRAFT, *, photos_allowed: bool = True, **sections: str
) -> Log:
    rules = Class(1, 1, "A", "", "Asia/Shanghai", photos_allowed=photos_allowed)
    placement = Placement(1, 1, 1, "Ann", "1", 1, "E", None, "", WEEK, WEEK, False, "", 1, rules)  # noqa: FBT003
    written = {Section(name): text for name, text in sections.items()}
    return Log(1, placement, WEEK, state, None, None, None, None, 1, template, written)


def picture(kind: str = "photo", name: str = "", mime_type: str = "") -> LogFile:
    return LogFile(StoredFile(1, 1, kind, "x", name, mime_type, 1, None, 0), "")


def test_the_usual_template_asks_four_parts_of_which_one_is_required():
    """As it was before classes could choose."""
    assert (Section.DONE, *CHOSEN) == USUAL.sections
    assert [1, 0, 0, 0] == list(USUAL.leasts.values())


def test_parts_are_asked_in_their_order():
    """What is left out is not among them, a question of the class's own comes behind them."""
    assert (Section.DONE, Section.LEARNED, Section.PROBLEMS, Section.EXTRA2) == FULL.sections
    assert [20, 1, 0, 1] == list(FULL.leasts.values())


def test_a_question_is_asked_otherwise_or_forgotten():
    """Optional keeps its words, out forgets them; what is no question of the class's stays none."""
    optional = FULL.asking(Section.EXTRA2, Asked.OPTIONAL)
    assert (0, FULL.questions[Section.EXTRA2].text) == (
        optional.leasts[Section.EXTRA2],
        optional.questions[Section.EXTRA2].text,
    )
    assert {} == FULL.asking(Section.EXTRA2, Asked.OUT).questions
    assert FULL == FULL.asking(Section.EXTRA1, Asked.REQUIRED)


def test_the_next_question_gets_the_first_free_place():
    """Three fit."""
    template, places = USUAL, []
    while template.free:
        places.append(template.free)
        template = template.with_question(template.free, Question("?", required=False))
    assert list(EXTRAS) == places
    assert Section.EXTRA2 is template.asking(Section.EXTRA2, Asked.OUT).free


@pytest.mark.parametrize("template", [USUAL, FULL])
def test_what_is_kept_is_read_back(template):
    """Whatever the words are."""
    assert template == parse(template.content())
    assert template.sections == parse(template.content()).sections


def test_what_earlier_versions_kept_is_read():
    """Nothing kept is the usual template, and so is whatever is not said in it."""
    assert USUAL == parse(None) == parse("{}")
    assert replace(USUAL, least=50) == parse('{"least": 50, "other": 1}')


@pytest.mark.parametrize(
    "template",
    [
        replace(USUAL, least=-1),
        replace(USUAL, photos=99),
        replace(USUAL, asked={Section.DONE: Asked.OUT}),
        USUAL.with_question(Section.PLAN, Question("?", required=False)),
        USUAL.with_question(Section.EXTRA1, Question("", required=False)),
        USUAL.with_question(Section.EXTRA1, Question("x" * (QUESTION_LIMIT + 1), required=False)),
    ],
)
def test_what_nobody_can_ask_for_is_not_possible(template):
    """Each of these would leave students without a way to hand in, or with something that no card shows."""
    assert is_possible(FULL)
    assert not is_possible(template)


def test_a_log_says_what_it_lacks_in_the_order_of_its_parts():
    """So many more characters, the required parts, and photos last."""
    log = log_with(FULL, done="Too short.", problems="None")
    assert (Lack(Section.DONE, 10), Lack(Section.LEARNED, 1), Lack(Section.EXTRA2, 1), Lack(None, 2)) == log.lacks()
    whole = log_with(FULL, done="x" * 20, learned="y", extra2="z")
    files = (picture(), picture("document", "ward.HEIC"), picture("document", "plan.pdf", "application/pdf"))
    assert () == replace(whole, files=files).lacks()
    assert (Lack(None, 1),) == replace(whole, files=files[1:]).lacks()


def test_no_photo_is_wanted_where_none_is_taken():
    """A class that has switched photos off asks for none, whatever its template says."""
    assert () == log_with(FULL, photos_allowed=False, done="x" * 20, learned="y", extra2="z").lacks()


def test_a_question_of_the_mentors_needs_only_its_answer():
    """The rest was handed in already."""
    assert (Lack(Section.ANSWER, 1),) == log_with(FULL, LogState.NEEDS_INFO, done="x").lacks()
    assert () == log_with(FULL, LogState.NEEDS_INFO, answer="Six.").lacks()


def test_a_log_has_room_for_so_much():
    """Four full parts leave nothing for a fifth, and the answer to the mentor has its own room."""
    long = "x" * SECTION_LIMIT
    log = log_with(FULL, done=long, learned=long, problems=long)
    assert SECTION_LIMIT == log.room(Section.EXTRA2) == log.room(Section.DONE)
    assert LOG_LIMIT - 3 * SECTION_LIMIT - 500 == log_with(
        FULL, done=long, learned=long, problems=long, plan="y" * 500
    ).room(Section.EXTRA2)
    full = log_with(FULL, done=long, learned=long, problems=long, plan=long, answer=long)
    assert (0, SECTION_LIMIT) == (full.room(Section.EXTRA2), full.room(Section.ANSWER))


def test_a_version_that_asks_the_same_is_no_change_to_come():
    """What was changed and changed back leaves nothing to wait for."""
    now = Version(1, WEEK, FULL)
    assert Version(2, WEEK, USUAL) == Templates(now, Version(2, WEEK, USUAL)).coming
    assert Templates(now, Version(3, WEEK, parse(FULL.content()))).coming is None
