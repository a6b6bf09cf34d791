"""The privacy notice: each role reads what is kept about it, when coming in and later."""

from __future__ import annotations

import pytest

from storage import people
from tests.links import class_link, coordinator_link, mentor_link
from tests.people import make_school

LANGUAGES = pytest.mark.parametrize("language", ["en", "zh-hans"])
SHORT = {
    "en": ["Your name, role, student number", "Your name, enterprise and", "Your name, school and"],
    "zh-hans": ["姓名、身份、学号", "姓名、所在企业、", "姓名、所在学校、"],
}
FULL = {
    "en": ["Photos:", "as a mentor", "as a coordinator"],
    "zh-hans": ["照片：", "（企业导师）", "（指导老师）"],
}


@LANGUAGES
@pytest.mark.parametrize("number", [0, 1, 2])
async def test_whoever_comes_in_reads_the_notice_of_their_role(world, language, number):
    """The short one with the invitation, the whole one with /privacy meanwhile; five lines under the title."""
    school = await make_school(world, language=language)
    link = await (class_link, mentor_link, coordinator_link)[number](world, school)
    ann = await world.phone("Ann", language)
    await ann.opens(link.address)
    assert [number] == [n for n, words in enumerate(SHORT[language]) if words in await ann.reads()]
    assert 5 == (await ann.reads()).count("\n•")
    await ann.sends("/privacy")
    assert [number] == [n for n, words in enumerate(FULL[language]) if words in await ann.reads()]


@LANGUAGES
async def test_members_read_what_is_kept_about_them(world, language):
    """A mentor and a coordinator by /privacy, and where a new version asks them to agree again."""
    school = await make_school(world, language=language)
    for number, person in ((1, school.mentor), (2, school.coordinator)):
        await person.sends("/privacy")
        assert FULL[language][number] in await person.reads()
        assert FULL[language][0] not in await person.reads()
        await world.database.transaction(lambda tx, who=person: people.agree(tx, who.id, version=0, now=world.clock()))
        await person.sends("/start")
        assert SHORT[language][number] in await person.reads()
