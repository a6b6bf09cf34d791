"""Invitations: made from a class, an enterprise or the colleagues, shown, listed, taken back."""

from __future__ import annotations

import re

import pytest

from domain.invitations import CLASS_USES
from tests.links import add_class, add_coordinator, coordinator_link, mentor_link, rows
from tests.people import make_school

ENGLISH, CHINESE = "en", "zh-hans"
BOTH = pytest.mark.parametrize("language", [ENGLISH, CHINESE])
SAYS = {
    ENGLISH: {
        "invite": "Invite students",
        "mentor": "Invite a mentor",
        "colleague": "Invite a colleague",
        "title": "Invitation to Nursing 2301",
        "open": "Open until Monday 7 Dec, 09:00",
        "used_one": "used once, 199 uses left",
        "revoke": "Withdraw the link",
        "sure": "Withdraw this link?",
        "yes": "Yes, withdraw it",
        "keep": "Keep it",
        "revoked": "Withdrawn: it lets nobody in",
        "used": "Used up",
        "expired": "Expired: it was open until Monday 7 Dec, 09:00",
        "not_shown": "token has been changed",
        "new": "Make a new link",
        "share": "Share the link",
        "welcome": "You mentor students at City Hospital now",
        "withdrawn": "withdrawn by the school",
        "agree": "Agree",
        "ok": "That's right",
        "keep_name": "Use “Ann”",
        "links": "Open links",
    },
    CHINESE: {
        "invite": "邀请学生",
        "mentor": "邀请企业导师",
        "colleague": "邀请同事",
        "title": "Nursing 2301邀请链接",
        "open": "12月7日（周一）09:00前有效",
        "used_one": "已用1次，还剩199次",
        "revoke": "撤回链接",
        "sure": "要撤回这个链接吗？",
        "yes": "确定撤回",
        "keep": "先不撤回",
        "revoked": "已撤回，不能再用来加入",
        "used": "已用完",
        "expired": "已过期（有效期到12月7日（周一）09:00）",
        "not_shown": "令牌后来换过",
        "new": "新建链接",
        "share": "分享链接",
        "welcome": "你现在是City Hospital的企业导师",
        "withdrawn": "已经撤回",
        "agree": "同意并继续",
        "ok": "没错",
        "keep_name": "就用“Ann”",
        "links": "有效链接",
    },
}


async def link_in(phone):
    """The link that a card shows."""
    return re.search(r"https://t\.me/\S+\?start=[\w-]{22}", await phone.reads()).group()


async def press_unseen(phone, data):
    """Press a button that this person was never shown."""
    await phone.sends("/start")
    await phone.acts("press", message_id=(await phone.card())["message_id"], data=data, force=True)


@BOTH
async def test_a_class_has_one_link_for_everybody(world, language):
    """The card shows the link to press and to copy, until when and how often; asking again shows the same one."""
    school, said = await make_school(world, language=language), SAYS[language]
    boss = school.coordinator
    await boss.sends("/classes")
    await boss.presses("Nursing 2301")
    await boss.presses(said["invite"])
    assert said["title"] in await boss.reads()
    assert said["open"] in await boss.reads()
    link = await link_in(boss)
    kinds = {entity["type"] for entity in (await boss.card())["entities"]}
    assert {"code", "url"} <= kinds
    (share,) = (b for row in (await boss.card())["reply_markup"]["inline_keyboard"] for b in row if "url" in b)
    assert said["share"] in share["text"]
    assert share["url"].startswith("https://t.me/share/url?url=https%3A%2F%2Ft.me%2F")
    ann = await world.phone("Ann", language)
    await ann.opens(link)
    await ann.presses(said["agree"])
    await ann.sends("Ann Lee 20230115")
    await ann.presses(said["ok"])
    await boss.sends("/classes")
    await boss.presses("Nursing 2301")
    await boss.presses(said["invite"])
    assert link == await link_in(boss)
    assert said["used_one"] in await boss.reads()
    assert [{"uses_left": CLASS_USES - 1}] == await rows(world, "SELECT uses_left FROM invitations")


@BOTH
async def test_a_mentors_link_is_made_and_brings_one_in(world, language):
    """From the enterprise to a mentor's welcome; then the card says that the link is used."""
    school, said = await make_school(world, language=language), SAYS[language]
    boss = school.coordinator
    await boss.sends("/enterprises")
    await boss.presses("City Hospital")
    await boss.presses(said["mentor"])
    assert said["open"] in await boss.reads()
    ann = await world.phone("Ann", language)
    await ann.opens(await link_in(boss))
    await ann.presses(said["agree"])
    await ann.presses(said["keep_name"])
    await ann.presses(said["ok"])
    assert said["welcome"] in await ann.reads()
    await press_unseen(boss, "invitation:1:0:")
    assert said["used"] in await boss.reads()
    assert "https://" not in await boss.reads()
    await boss.presses(said["new"])
    assert said["open"] in await boss.reads()
    assert [1, 1] == [row["n"] for row in await rows(world, "SELECT uses + uses_left AS n FROM invitations")]


async def test_a_second_press_makes_no_second_link(world):
    """Two presses on one button make one link, and going back for another makes another."""
    school = await make_school(world)
    boss = school.coordinator
    await boss.sends("/enterprises")
    await boss.presses("City Hospital")
    card = await boss.card()
    await boss.presses("Invite a mentor")
    first = await link_in(boss)
    await boss.presses("Invite a mentor", card)
    assert first == await link_in(boss)
    await boss.presses("◀ City Hospital")
    await boss.presses("Invite a mentor")
    assert first != await link_in(boss)
    assert [{"n": 2}] == await rows(world, "SELECT count(*) AS n FROM invitations")


@BOTH
async def test_a_link_is_taken_back_after_asking(world, language):
    """Withdrawing is asked for once more; then the link lets nobody in, and a second press says how it is."""
    school, said = await make_school(world, language=language), SAYS[language]
    boss = school.coordinator
    await boss.sends("/classes")
    await boss.presses("Nursing 2301")
    await boss.presses(said["invite"])
    link = await link_in(boss)
    await boss.presses(said["revoke"])
    assert said["sure"] in await boss.reads()
    await boss.presses(said["keep"])
    assert said["open"] in await boss.reads()
    await boss.presses(said["revoke"])
    question = await boss.card()
    await boss.presses(said["yes"])
    assert said["revoked"] in await boss.reads()
    await boss.presses(said["yes"], question)
    assert said["revoked"] in await boss.reads()
    ann = await world.phone("Ann", language)
    await ann.opens(link)
    assert said["withdrawn"] in await ann.reads()
    assert ["invitation_made", "invitation_revoked", "refused"] == [
        row["act"] for row in await rows(world, "SELECT act FROM acts ORDER BY id")
    ]
    await boss.presses(said["new"])
    assert link != await link_in(boss)


@BOTH
async def test_an_expired_link_says_until_when_it_worked(world, language):
    """After 21 days the card says so and offers a new link."""
    school, said = await make_school(world, language=language), SAYS[language]
    link = await mentor_link(world, school)
    await world.move(days=21)
    await press_unseen(school.coordinator, f"invitation:{link.id}:0:")
    assert said["expired"] in await school.coordinator.reads()
    assert said["new"] in (await school.coordinator.buttons())[0]


@BOTH
async def test_open_links_are_listed(world, language):
    """An enterprise lists the links that still let somebody in, and only those."""
    school, said = await make_school(world, language=language), SAYS[language]
    boss = school.coordinator
    for _ in range(2):
        await mentor_link(world, school)
    await boss.sends("/enterprises")
    await boss.presses("City Hospital")
    await boss.presses(said["links"])
    assert 2 == sum(label.startswith("🔗") for label in await boss.buttons())
    await boss.presses("🔗")
    await boss.presses(said["revoke"])
    await boss.presses(said["yes"])
    await boss.presses("◀")
    await boss.presses(said["links"])
    assert 1 == sum(label.startswith("🔗") for label in await boss.buttons())


@BOTH
async def test_a_link_of_an_earlier_token_is_not_shown_again(world, language):
    """After the bot's token was changed the link cannot be derived; the card says so and offers a new one."""
    school, said = await make_school(world, language=language), SAYS[language]
    boss = school.coordinator
    link = await coordinator_link(world, school)
    await world.database.transaction(lambda tx: tx.run("UPDATE invitations SET nonce = 'of another token'"))
    await press_unseen(boss, f"invitation:{link.id}:0:")
    assert said["not_shown"] in await boss.reads()
    assert "https://" not in await boss.reads()
    await boss.presses(said["new"])
    assert await link_in(boss)


async def test_a_class_link_that_cannot_be_shown_is_not_shown_for_a_new_one(world):
    """Inviting students makes a new link where the old one cannot be shown again."""
    school = await make_school(world)
    boss = school.coordinator
    await boss.sends("/classes")
    await boss.presses("Nursing 2301")
    await boss.presses("Invite students")
    await world.database.transaction(lambda tx: tx.run("UPDATE invitations SET nonce = 'of another token'"))
    await boss.presses("◀ Nursing 2301")
    await boss.presses("Invite students")
    assert await link_in(boss)
    await boss.presses("◀ Nursing 2301")
    await boss.presses("All links")
    assert 2 == sum(label.startswith("🔗") for label in await boss.buttons())


@BOTH
async def test_a_colleague_is_invited_from_the_overview(world, language):
    """The overview leads to the colleagues, who are named, and to a link for one more."""
    school, said = await make_school(world, language=language), SAYS[language]
    boss = school.coordinator
    await add_coordinator(world, school, "Mr Chen", language)
    await boss.sends("/start")
    await boss.presses("🤝")
    assert "Mr Chen" in await boss.reads()
    await boss.presses(said["colleague"])
    ann = await world.phone("Ann", language)
    await ann.opens(await link_in(boss))
    await ann.presses(said["agree"])
    await ann.presses(said["keep_name"])
    await ann.presses(said["ok"])
    assert [{"n": 3}] == await rows(world, "SELECT count(*) AS n FROM coordinators")


@pytest.mark.parametrize("verb", ["invitation", "invitation.sure", "invitation.revoke"])
async def test_only_coordinators_of_that_school_see_a_link(world, verb):
    """A coordinator of another school can neither see nor withdraw a link."""
    school = await make_school(world)
    other = await make_school(world, "Lakeside College", enterprise="Dock", coordinator="Mr Bo")
    link = await mentor_link(world, school)
    await press_unseen(other.coordinator, f"{verb}:{link.id}:0:")
    assert "City Hospital" not in await other.coordinator.reads()
    assert [{"revoked_at": None}] == await rows(world, "SELECT revoked_at FROM invitations")


async def test_only_coordinators_of_the_class_invite_to_it(world):
    """A colleague who does not cover a class can neither make nor see its link."""
    school = await make_school(world)
    colleague = await add_coordinator(world, school, "Mr Chen", covers=False)
    await press_unseen(colleague, f"invite.class:{school.class_id}:0:")
    assert [] == await rows(world, "SELECT * FROM invitations")
    await add_class(world, school, "Care 2302", colleague.id)
    await school.coordinator.sends("/classes")
    await school.coordinator.presses("Nursing 2301")
    await school.coordinator.presses("Invite students")
    await press_unseen(colleague, "invitation:1:0:")
    assert "Invitation" not in await colleague.reads()


async def test_nobody_invites_to_a_school_that_is_not_theirs(world):
    """A forged press with another school's id makes nothing."""
    school = await make_school(world)
    other = await make_school(world, "Lakeside College", enterprise="Dock", coordinator="Mr Bo")
    await press_unseen(other.coordinator, f"invite.colleague:{school.id}:0:")
    assert [] == await rows(world, "SELECT * FROM invitations")


async def test_open_links_come_in_pages_of_five(world):
    """The sixth link is on the next page, where it can be withdrawn like any other."""
    school = await make_school(world)
    for _ in range(6):
        await coordinator_link(world, school)
    await school.coordinator.sends("/start")
    await school.coordinator.presses("🤝")
    assert 5 == sum("until" in label for label in await school.coordinator.buttons())
    await school.coordinator.presses("▶")
    assert 1 == sum("until" in label for label in await school.coordinator.buttons())
    await school.coordinator.presses("until")
    await school.coordinator.presses("Withdraw")
    await school.coordinator.presses("Yes")
    await school.coordinator.presses("Colleagues")
    assert "5 links are open" in await school.coordinator.reads()
