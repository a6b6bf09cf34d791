"""Moments: what a placed student sent outside every form, kept until it is put into the log of its week or dropped."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from domain.logs import LogFile, Section
from domain.moments import Gathered, Moment, MomentState
from domain.templates import parse
from storage import files, logs, placements
from storage.database import found, new_id, placeholders
from storage.errors import Conflict
from storage.templates import OF_MOMENT

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date, datetime

    from domain.logs import Log
    from storage.database import Transaction

_OF_STUDENT = """FROM moments mo JOIN placements pl ON pl.id = mo.placement_id
    JOIN students s ON s.id = pl.student_id JOIN classes c ON c.id = s.class_id"""
_FILES = "FROM moment_files mf JOIN files f ON f.id = mf.file_id WHERE mf.moment_id = mo.id"
_SELECT = f"""SELECT mo.id, mo.placement_id, pl.starts_on, mo.week, c.time_zone, mo.text, mo.state, mo.created_at,
    (SELECT count(*) {_FILES}) AS files, (SELECT min(f.kind) {_FILES}) AS kind,
    (SELECT max(mf.caption) {_FILES}) AS caption, {OF_MOMENT} AS template
    {_OF_STUDENT} LEFT JOIN logs lo ON lo.placement_id = mo.placement_id AND lo.week = mo.week """
_WAITING = "mo.state IN ('offered', 'saved')"


def _moment(row: Mapping[str, Any]) -> Moment:
    return Moment(
        id=row["id"],
        placement_id=row["placement_id"],
        starts_on=row["starts_on"],
        week=row["week"],
        zone=ZoneInfo(row["time_zone"]),
        text=row["text"] or row["caption"] or "",
        state=MomentState(row["state"]),
        created_at=row["created_at"],
        files=row["files"],
        kind=row["kind"] or "",
        template=parse(row["template"]),
    )


# --- coming in --------------------------------------------------------------------------------------------------


async def offer(
    tx: Transaction,
    *,
    placement_id: int,
    week: date,
    text: str = "",
    album: str | None = None,
    state: MomentState = MomentState.OFFERED,
    now: datetime,
) -> int:
    """Keep a moment that the student is asked about, or one that is kept unasked, and return its id."""
    return await new_id(
        tx,
        """INSERT INTO moments (placement_id, week, text, album, state, created_at)
        VALUES (:placement, :week, :text, :album, :state, :now) RETURNING id""",
        placement=placement_id,
        week=week,
        text=text,
        album=album,
        state=state.value,
        now=now,
    )


async def attach(tx: Transaction, moment_id: int, file_id: int, *, caption: str) -> None:
    """Add a file to a moment."""
    await tx.run(
        "INSERT INTO moment_files (moment_id, file_id, caption) VALUES (:id, :file, :caption)",
        id=moment_id,
        file=file_id,
        caption=caption,
    )


async def of_album(tx: Transaction, placement_id: int, album: str) -> Moment | None:
    """Find the moment that the earlier photos of an album are in."""
    row = await tx.one(f"{_SELECT} WHERE mo.placement_id = :id AND mo.album = :album", id=placement_id, album=album)
    return _moment(row) if row else None


async def waiting_in_week(tx: Transaction, placement_id: int, week: date) -> tuple[int, int]:
    """Count the moments of a week that wait, and the files in them."""
    row = await tx.one(
        f"""SELECT count(DISTINCT mo.id) AS moments, count(mf.file_id) AS files
        FROM moments mo LEFT JOIN moment_files mf ON mf.moment_id = mo.id
        WHERE mo.placement_id = :id AND mo.week = :week AND {_WAITING}""",
        id=placement_id,
        week=week,
    )
    return found(row)["moments"], found(row)["files"]


# --- reading ----------------------------------------------------------------------------------------------------


async def for_student(tx: Transaction, moment_id: int, person_id: int) -> Moment:
    """Read a student's own moment; raises `NotFound`."""
    row = await tx.one(f"{_SELECT} WHERE mo.id = :id AND {placements.FOR_STUDENT}", id=moment_id, person=person_id)
    return _moment(found(row))


async def count_waiting(tx: Transaction, person_id: int) -> int:
    """Count a student's own moments that are not used yet."""
    row = await tx.one(
        f"SELECT count(*) AS n {_OF_STUDENT} WHERE {placements.FOR_STUDENT} AND {_WAITING}", person=person_id
    )
    return int(found(row)["n"])


async def waiting(tx: Transaction, person_id: int, *, page: int, size: int) -> list[Moment]:
    """List a page of a student's own moments that are not used yet, the newest first."""
    rows = await tx.all(
        # The page is chosen first, or the files of everything before it would be counted too.
        f"""{_SELECT} WHERE mo.id IN (SELECT mo.id {_OF_STUDENT} WHERE {placements.FOR_STUDENT} AND {_WAITING}
            ORDER BY mo.id DESC LIMIT :size OFFSET :skip) ORDER BY mo.id DESC""",
        person=person_id,
        size=size,
        skip=page * size,
    )
    return [_moment(row) for row in rows]


async def count_saved(tx: Transaction, placement_id: int, week: date) -> int:
    """Count the moments that are kept for the log of a week."""
    row = await tx.one(
        "SELECT count(*) AS n FROM moments WHERE placement_id = :id AND week = :week AND state = 'saved'",
        id=placement_id,
        week=week,
    )
    return int(found(row)["n"])


async def saved(tx: Transaction, placement_id: int, week: date) -> list[Moment]:
    """List the moments that are kept for the log of a week, the oldest first."""
    rows = await tx.all(
        f"{_SELECT} WHERE mo.placement_id = :id AND mo.week = :week AND mo.state = 'saved' ORDER BY mo.id",
        id=placement_id,
        week=week,
    )
    return [_moment(row) for row in rows]


async def files_of(tx: Transaction, moment_ids: Collection[int]) -> dict[int, list[LogFile]]:
    """Return the files of moments with what was written under them, by moment."""
    names, ids = placeholders("id", moment_ids)
    rows = await tx.all(
        f"""SELECT {files.COLUMNS}, mf.moment_id, mf.caption FROM moment_files mf JOIN files f ON f.id = mf.file_id
        WHERE mf.moment_id IN {names} ORDER BY f.id""",
        **ids,
    )
    of_moment: dict[int, list[LogFile]] = defaultdict(list)
    for row in rows:
        of_moment[row["moment_id"]].append(LogFile(files.as_file(row), row["caption"]))
    return of_moment


# --- into the log and out of it ---------------------------------------------------------------------------------


async def move(tx: Transaction, moment: Moment, state: MomentState) -> None:
    """Let a moment be in another state; raises `Conflict` where it is in that one, or no longer as it was read."""
    if moment.state is state or not await tx.run(
        "UPDATE moments SET state = :state WHERE id = :id AND state = :before",
        state=state.value,
        id=moment.id,
        before=moment.state.value,
    ):
        raise Conflict


async def put_in(tx: Transaction, log: Log, gathered: Gathered) -> Log:
    """Put moments into a log that was read in this unit, and return the log as it is then but for its files."""
    if gathered.text != log.sections.get(Section.DONE, ""):
        log = await logs.write(tx, log, Section.DONE, gathered.text)
    for entry in gathered.files:
        log = await logs.attach(tx, log, entry.file.id, caption=entry.caption)
    await _all(tx, gathered.used, MomentState.SAVED, MomentState.USED)
    return log


async def take_out(tx: Transaction, log: Log, gathered: Gathered) -> None:
    """Undo `put_in`: `gathered` has the text as it was before, and the files and moments that were put in."""
    if gathered.text != log.sections.get(Section.DONE, ""):
        log = await logs.write(tx, log, Section.DONE, gathered.text)
    for entry in gathered.files:
        await logs.detach(tx, log, entry.file.id)
    await _all(tx, gathered.used, MomentState.USED, MomentState.SAVED)


async def _all(tx: Transaction, moment_ids: Collection[int], before: MomentState, state: MomentState) -> None:
    names, ids = placeholders("id", moment_ids)
    changed = await tx.run(
        f"UPDATE moments SET state = :state WHERE state = :before AND id IN {names}",
        state=state.value,
        before=before.value,
        **ids,
    )
    if changed != len(moment_ids):
        raise Conflict
