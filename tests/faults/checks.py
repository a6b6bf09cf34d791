"""What must hold after a shift with trouble: each effect once, each row once, each message to each person."""

from __future__ import annotations

from collections import Counter
from functools import partial

from storage import invariants
from tests.faults.shift import SECTIONS, Shift
from tests.faults.yard import Yard, text_of
from tests.people import Member

_NEW_MESSAGE = ("sendmessage", "sendphoto", "senddocument", "sendmediagroup")


async def check(shift: Shift) -> None:
    """Compare database and chats with what people did; what a kill cut short may be there twice, and nothing else."""
    await _check_logs(shift)
    await _check_rows(shift)
    await _check_chats(shift)
    for member in (*shift.students, shift.school.mentor, shift.school.coordinator):
        await _check_count(shift.yard, member)
    assert [] == await shift.yard.database.read(partial(invariants.violations, now=shift.yard.clock()))


async def _check_logs(shift: Shift) -> None:
    """Each log has exactly what was written, a revision for each submission, one decision."""
    found = await shift.yard.rows(
        """SELECT s.name, l.week, l.state, l.hours, ls.section, ls.text FROM logs l
        JOIN placements pl ON pl.id = l.placement_id JOIN students s ON s.id = pl.student_id
        JOIN log_sections ls ON ls.log_id = l.id ORDER BY s.name, l.week"""
    )
    weeks = {week: number for number, week in enumerate(sorted({row["week"] for row in found}), 1)}
    expected = {
        (name, week, "approved", 38.0, section, f"{name} W{week} {word}")
        for name, week in shift.handed_in
        for section, word in zip(("done", "learned", "problems", "plan"), SECTIONS, strict=True)
    }
    assert shift.handed_in, "nobody handed anything in"
    assert expected == {
        (row["name"], weeks[row["week"]], row["state"], row["hours"], row["section"], row["text"]) for row in found
    }
    submissions = await shift.yard.rows(
        """SELECT s.name, l.week, count(*) AS n, count(r.withdrawn_at) AS withdrawn FROM revisions r
        JOIN logs l ON l.id = r.log_id JOIN placements pl ON pl.id = l.placement_id
        JOIN students s ON s.id = pl.student_id GROUP BY s.name, l.week"""
    )
    counted = {(row["name"], weeks[row["week"]]): (row["n"], row["withdrawn"]) for row in submissions}
    assert {log: (n, n - 1) for log, n in shift.handed_in.items()} == counted
    decisions = await shift.yard.rows("SELECT log_id FROM reviews WHERE decision = 'approved'")
    assert [1] * len(shift.handed_in) == list(Counter(row["log_id"] for row in decisions).values())
    assert len(decisions) == await shift.yard.count("reviews")


async def _check_rows(shift: Shift) -> None:
    """Each reminder and announcement is there once, nothing failed, nothing waits."""
    yard, people = shift.yard, sorted(student.id for student in shift.students)
    reminders = await yard.rows("SELECT person_id FROM outbox WHERE card = 'log_reminder' ORDER BY person_id")
    assert people == [row["person_id"] for row in reminders]
    announcements = await yard.rows("SELECT text FROM announcements ORDER BY id")
    assert shift.announced == [row["text"] for row in announcements]
    readers = await yard.rows(
        """SELECT a.text, r.person_id FROM announcement_recipients r JOIN announcements a ON a.id = r.announcement_id
        WHERE r.acknowledged_at IS NOT NULL ORDER BY a.id, r.person_id"""
    )
    assert [(text, person) for text in shift.announced for person in people] == [tuple(row.values()) for row in readers]
    unsent = await yard.rows("SELECT card, state, failure FROM outbox WHERE state NOT IN ('sent', 'settled')")
    assert [] == unsent
    failed = await yard.rows("SELECT update_id, failure FROM inbox WHERE failure IS NOT NULL OR finished_at IS NULL")
    assert [] == failed, yard.bot.log()[-20_000:]


async def _check_chats(shift: Shift) -> None:
    """Everybody has every message, and at most one too many for each that a kill or a lost answer cut short.

    A press whose own message could not be changed was answered with another one, in which the same is said.
    """
    cut = shift.yard.interrupted + answers_cut_off(shift.yard)
    late = Counter[int]()
    for row in await shift.yard.rows("SELECT person_id FROM outbox WHERE unique_key LIKE 'reply:%' AND state = 'sent'"):
        late[row["person_id"]] += 1
    for student in shift.students:
        texts = [text_of(message) for message in shift.yard.screen(student) if message["from"]["is_bot"]]
        wanted = ["⏰ Week 5", *shift.announced]
        wanted += [f"✅ Week {week} " for name, week in shift.handed_in if name == student.name]
        times = {words: sum(words in text for text in texts) for words in wanted}
        assert 0 not in times.values(), (student.name, times)
        surplus, allowed = sum(times.values()) - len(times), cut[student.phone.id] + late[student.id]
        assert surplus <= allowed, (student.name, times, allowed)


async def _check_count(yard: Yard, member: Member) -> None:
    """Each text was answered with one message, a press by changing its own or, put off, with one; pushes came once.

    What was cut short may be there twice. What was settled by a withdrawal may have been on its way.
    """
    rows = await yard.rows(
        "SELECT state, priority, unique_key FROM outbox WHERE person_id = :id AND manner = 'push'", id=member.id
    )
    late = {f"reply:{update_id}" for update_id in yard.presses}
    pushes = [row["state"] for row in rows if row["priority"] > 0 or row["unique_key"] in late]
    pushed, settled = pushes.count("sent"), pushes.count("settled")
    screen, chat = yard.screen(member), member.phone.id
    texts = sum(not message["from"]["is_bot"] for message in screen)
    surplus = len(screen) - 2 * texts - pushed
    allowed = settled + yard.interrupted[chat] + answers_cut_off(yard)[chat]
    assert 0 <= surplus <= allowed, (member.name, surplus, settled, yard.interrupted[chat], texts, pushed)


def answers_cut_off(yard: Yard) -> Counter[int]:
    """How many messages each chat got whose sending was not confirmed, so that they may be sent again."""
    calls = yard.simulator.calls.after(0)
    return Counter(call["chat_id"] for call in calls if call["status"] == 0 and call["method"].lower() in _NEW_MESSAGE)
