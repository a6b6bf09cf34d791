"""Commands of every role, typed by everybody."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import pytest

from tests.authority import records
from tests.authority.cells import refusals, said_to
from tests.authority.conftest import SHARED
from tests.authority.people import ACTORS, refusal_at_the_gate
from tests.authority.rules import COMMANDS
from tests.authority.school import Place
from tests.links import rows

pytestmark = SHARED


async def _type(place: Place, names: Iterable[str], text: str) -> dict[str, str]:
    """Let some actors send a text; what each one reads then."""
    phones = {name: place.people[name].phone for name in names}
    await asyncio.gather(*(place.world.telegram.post(f"chats/{p.id}/text", text=text) for p in phones.values()))
    await place.world.settle()
    return {name: await phone.reads() for name, phone in phones.items()}


@pytest.mark.parametrize(("command", "gate"), COMMANDS.items())
async def test_a_command_is_for_its_role(place: Place, command: str, gate: str):
    """Others are told whose it is, in their language; what they tried is recorded and changes nothing."""
    refused = {name: said for name in ACTORS if (said := refusal_at_the_gate(ACTORS[name], gate))}
    read = await _type(place, refused, f"/{command}")
    after = await records.read_all(place.world.database)
    assert [] == [name for name, said in refused.items() if said_to(place, name, said) not in read[name]]
    assert [] == records.differences(place.rows, after, but=("acts", "cards"))
    attempts = [(place.ids[name], f"/{command}") for name, said in refused.items() if said != "access.agree_first"]
    new = [row for key, row in after["acts"].items() if key not in place.rows["acts"]]
    assert sorted(attempts) == sorted((row["actor_id"], row["subject_kind"]) for row in new)


@pytest.mark.parametrize(("command", "gate"), COMMANDS.items())
async def test_a_command_is_answered_to_whom_it_is_for(place: Place, command: str, gate: str):
    """Without an error, and without a word that keeps them out."""
    allowed = [name for name in ACTORS if not refusal_at_the_gate(ACTORS[name], gate)]
    read = await _type(place, allowed, f"/{command}")
    for name in allowed:
        assert read[name]
        if gate != "open":  # the overview tells somebody who is suspended, say, how things are
            assert [] == [said for said in refusals(place, name, stale=True) if said in read[name]]
    assert [] == await rows(place.world, "SELECT update_id, failure FROM inbox WHERE attempts > 0")


async def test_the_text_of_a_command_is_no_way_around(place: Place):
    """A command of another role with anything behind it, or in another case, is the same command."""
    for text in ("/students 20230101", "/STUDENTS", "/announce@shixi_bot now", "/missing\nplease"):
        read = await _type(place, ACTORS, text)
        for name in ("ann", "li", "sol", "cho", "olga"):
            assert said_to(place, name, refusal_at_the_gate(ACTORS[name], "coordinator")) in read[name]


@pytest.mark.parametrize(
    ("name", "form", "about"), [("sol", "log", "draft"), ("sol", "apply", "vacancy_post"), ("cho", "place", "line")]
)
async def test_who_is_suspended_answers_no_form(place: Place, name: str, form: str, about: str):
    """What is typed into a form that was open is not taken; the answer says why."""
    subject = place.affairs["sol"].things[about].id

    async def work(tx):
        await tx.run(
            "UPDATE drafts SET active = TRUE WHERE person_id = :person AND form = :form AND subject = :subject",
            person=place.ids[name],
            form=form,
            subject=subject,
        )

    await place.world.database.transaction(work)
    before = await records.read_all(place.world.database)
    assert [(form, True)] == [(row["form"], bool(row["active"])) for row in before["drafts"].values() if row["active"]]
    for text in ("40", "Riverside", "nothing else to say about this week, which was long"):
        await place.people[name].sends(text)
        assert said_to(place, name, "access.suspended") in await place.people[name].reads()
    after = await records.read_all(place.world.database)
    assert [] == records.differences(before, after, but=("cards",))


async def test_who_is_suspended_edits_no_answer(place: Place):
    """The edit of a message that was an answer in a form is no answer either."""
    sol, subject = place.people["sol"], place.affairs["sol"].things["draft"].id
    sql = "UPDATE drafts SET active = TRUE WHERE person_id = :person AND form = 'log' AND subject = :subject"
    await place.world.database.transaction(lambda tx: tx.run(sql, person=place.ids["sol"], subject=subject))
    before = await records.read_all(place.world.database)
    own = next(message for message in await sol.messages() if not message["from"]["is_bot"])
    await sol.acts("edit", message_id=own["message_id"], text="something else")
    assert said_to(place, "sol", "access.suspended") in await sol.reads()
    assert [] == records.differences(before, await records.read_all(place.world.database), but=("cards",))
