"""The page that a person reads of everything that is kept about them: plain, in their language, made to be printed."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from bot.texts import N_, join, tag
from domain import weeks
from domain.logs import Decision, LogState, Section
from domain.people import Language
from domain.posts import ApplicationState
from domain.remarks import stars
from domain.templates import Template, parse
from handlers import application_cards, dates, reasons, remarks, sections
from handlers.log_card import STATES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from bot.texts import Texts
    from domain.records import Rows

    Row = Mapping[str, Any]

_STYLE = Markup("""body{font:16px/1.5 sans-serif;max-width:46em;margin:2em auto;padding:0 1em;color:#222}
h1,h2,h3{line-height:1.25}h2{margin-top:2em;border-bottom:1px solid #bbb}h3{margin-bottom:.2em}
p{margin:.3em 0}blockquote{margin:.3em 0 .8em;padding-left:.8em;border-left:3px solid #ccc;white-space:pre-wrap}
blockquote,li,h3{overflow-wrap:anywhere}h2,h3{break-after:avoid}li{margin:.2em 0}
@media print{body{margin:0;max-width:none;font-size:11pt}}""")
_LANGUAGES = {Language.ENGLISH: "en", Language.CHINESE: "zh-Hans"}
_DECISIONS = {
    Decision.APPROVED: N_("mydata.page.approved"),
    Decision.PASSED: N_("mydata.page.passed"),
    Decision.NEEDS_INFO: N_("mydata.page.needs_info"),
    Decision.RETURNED: N_("mydata.page.returned"),
    Decision.REOPENED: N_("mydata.page.reopened"),
}
# What is told in sections of its own; of everything else the page says how much there is in the data.
_TOLD = frozenset(
    {
        "person",
        "student",
        "placements",
        "excused_weeks",
        "logs",
        "log_sections",
        "log_files",
        "revisions",
        "reviews",
        "remarks",
        "chips",
        "phrases_said",
        "voices",
        "voice_files",
        "moments",
        "moment_files",
        "pulses",
        "sos_steps",
        "applications",
        "announcements_received",
        "announcements_written",
        "mentor",
        "coordinator",
        "classes_covered",
        "reviews_given",
        "posts",
        "files",
    }
)


def draw(_: Texts, zone: ZoneInfo, rows: Rows, made_at: datetime) -> Markup:
    """Draw the page; it shows what the data hold, and needs nothing from outside but the folder of files beside it."""
    page = _Page(_, zone, rows)
    title = tag("title", _("mydata.page.title"))
    head = tag("head", Markup('<meta charset="utf-8">'), title, tag("style", _STYLE))
    intro = (tag("p", _("mydata.page.made", at=page.when(made_at))), tag("p", _("mydata.page.beside")))
    body = tag("body", tag("h1", _("mydata.page.title")), *intro, *page.sections())
    return join((Markup("<!DOCTYPE html>"), tag("html", head, body, lang=_LANGUAGES[_.language])))


@dataclass(frozen=True, slots=True)
class _Page:
    _: Texts
    zone: ZoneInfo
    rows: Rows

    def of(self, record: str) -> list[Row]:
        return self.rows.shown.get(record, [])

    def when(self, at: datetime | None) -> str:
        local = at.astimezone(self.zone) if at else None
        return f"{self._.full_day(local.date())} {local:%H:%M}" if local else "–"

    def sections(self) -> Iterator[Markup]:
        """Draw every section that has something in it."""
        _ = self._
        for title, inside in (
            (N_("mydata.page.you"), self._person()),
            (N_("mydata.page.roles"), self._roles()),
            (N_("mydata.page.placements"), self._placements()),
            (N_("mydata.page.logs"), self._logs()),
            (N_("mydata.page.moments"), self._moments()),
            (N_("mydata.page.weeks"), self._pulses()),
            (N_("mydata.page.help"), self._calls()),
            (N_("mydata.page.answers"), self._answers_given()),
            (N_("mydata.page.posts"), self._posts()),
            (N_("mydata.page.applications"), self._applications()),
            (N_("mydata.page.received"), self._letters("announcements_received")),
            (N_("mydata.page.written"), self._letters("announcements_written")),
            (N_("mydata.page.files"), self._files(self.of("files"))),
            (N_("mydata.page.more"), self._more()),
        ):
            if shown := list(inside):
                yield join((tag("h2", _(title)), *shown))

    def _person(self) -> Iterator[Markup]:
        _ = self._
        for row in self.of("person"):
            yield tag("p", _("mydata.page.name", name=row["name"]))
            yield tag("p", _("mydata.page.account", number=row["telegram_id"] or "–"))
            yield tag("p", _("mydata.page.since", at=self.when(row["created_at"])))
            yield tag("p", _("mydata.page.agreed", at=self.when(row["agreed_at"])))
            yield tag("p", _("mydata.page.zone", zone=row["time_zone"]))

    def _roles(self) -> Iterator[Markup]:
        _ = self._
        for row in self.of("student"):
            values = {"name": row["name"], "number": row["number"], "class_name": row["class"], "school": row["school"]}
            yield tag("p", _("mydata.page.student", **values))
        for row in self.of("mentor"):
            yield tag("p", _("mydata.page.mentor", enterprise=row["enterprise"], school=row["school"]))
        for row in self.of("coordinator"):
            yield tag("p", _("mydata.page.coordinator", school=row["school"]))
        for row in self.of("classes_covered"):
            yield tag("p", _("mydata.page.covers", class_name=row["class"]))

    def _placements(self) -> Iterator[Markup]:
        _, excused = self._, _by(self.of("excused_weeks"), "placement_id")
        for row in self.of("placements"):
            days = {"first": _.full_day(row["starts_on"]), "last": _.full_day(row["ends_on"])}
            yield tag("h3", row["enterprise"])
            yield tag("p", _("mydata.page.days", **days))
            yield tag("p", _("mydata.page.mentored_by", name=row["mentor_id"] or "–"))
            if row["end_reason"]:
                yield tag("p", _("mydata.page.ended", reason=row["end_reason"]))
            for week in excused[row["id"]]:
                name = self._week(row["starts_on"], week["week"])
                yield tag("p", _("mydata.page.excused", week=name, reason=week["reason"]))

    def _logs(self) -> Iterator[Markup]:
        _ = self._
        starts = {row["id"]: row["starts_on"] for row in self.of("placements")}
        written, attached = _by(self.of("log_sections"), "log_id"), _by(self.of("log_files"), "log_id")
        revisions, reviews = _by(self.of("revisions"), "log_id"), _by(self.of("reviews"), "log_id")
        for log in sorted(self.of("logs"), key=lambda row: (row["week"], row["id"])):
            week = self._week(starts.get(log["placement_id"], log["week"]), log["week"])
            template = parse(log["template"])
            yield tag("h3", week, " · ", _(STATES[LogState(log["state"])]))
            texts = {row["section"]: row["text"] for row in written[log["id"]]}
            yield from self._written(template, texts, log["hours"])
            yield from self._files(self._attached(attached[log["id"]]))
            yield from self._history(template, revisions[log["id"]], reviews[log["id"]])

    def _history(self, template: Template, revisions: Iterable[Row], reviews: Iterable[Row]) -> Iterator[Markup]:
        """Draw every submission as it was, each with the answers to it."""
        _, answers = self._, _by(reviews, "revision_id")
        for revision in sorted(revisions, key=lambda row: row["number"]):
            content = json.loads(revision["content"])
            yield tag(
                "p", tag("b", _("mydata.page.submission", n=revision["number"], at=self.when(revision["submitted_at"])))
            )
            if revision["withdrawn_at"]:
                yield tag("p", _("mydata.page.withdrawn", at=self.when(revision["withdrawn_at"])))
            yield from self._written(template, content["sections"], content["hours"])
            for review in answers[revision["id"]]:
                yield from self._answer(review, review["reviewer_id"])
                yield from self._remarks(template, review)

    def _answer(self, review: Row, reviewer: str) -> Iterator[Markup]:
        _ = self._
        said = _(_DECISIONS[Decision(review["decision"])], reviewer=reviewer, at=self.when(review["created_at"]))
        yield tag("p", tag("b", said))
        if review["stars"]:
            yield tag("p", stars(review["stars"]))
        if review["words"]:
            yield tag("blockquote", reasons.said(_, review["words"], review["language"]))

    def _remarks(self, template: Template, review: Row) -> Iterator[Markup]:
        """Draw what the reviewer said of single parts of that submission, the ready remarks, and what was spoken."""
        _, language = self._, review["language"]
        for row in self._its("remarks", review):
            yield tag("p", sections.name(_, template, Section(row["section"])), " · ", review["reviewer_id"])
            yield tag("blockquote", row["text"])
        said = [reasons.in_both(_, remarks.CHIPS[row["code"]], language) for row in self._its("chips", review)]
        said += [_("remark.phrase", words=row["text"]) for row in self._its("phrases_said", review)]
        if said:
            yield tag("p", join(said, " · "))
        for row in self._its("voices", review):
            part = sections.name(_, template, Section(row["section"])) if row["section"] else ""
            heard = (file for file in self.of("voice_files") if file["id"] == row["file_id"])
            yield from self._files([{**file, "caption": part} for file in heard])

    def _its(self, record: str, review: Row) -> list[Row]:
        its = (review["revision_id"], review["reviewer_id"]) if review["decision"] != Decision.REOPENED else None
        return [row for row in self.of(record) if (row["revision_id"], row["reviewer_id"]) == its]

    def _written(self, template: Template, texts: Mapping[str, str], hours: float | None) -> Iterator[Markup]:
        _ = self._
        for section in Section:
            if text := texts.get(section.value):
                yield join((tag("p", sections.name(_, template, section)), tag("blockquote", text)))
        if hours is not None:
            yield tag("p", _("log.hours", hours=_.number(hours)))

    def _moments(self) -> Iterator[Markup]:
        attached = _by(self.of("moment_files"), "moment_id")
        for row in self.of("moments"):
            yield tag("p", self.when(row["created_at"]))
            if row["text"]:
                yield tag("blockquote", row["text"])
            yield from self._files(self._attached(attached[row["id"]]))

    def _pulses(self) -> Iterator[Markup]:
        for row in self.of("pulses"):
            yield tag("p", self.when(row["said_at"]), " · ", f"{row['mood']}/5")
            if row["words"]:
                yield tag("blockquote", row["words"])

    def _calls(self) -> Iterator[Markup]:
        for row in self.of("sos_steps"):
            yield tag("p", self.when(row["at"]), " · ", row["person_id"] or "–", " · ", tag("code", row["event"]))
            if row["words"]:
                yield tag("blockquote", row["words"])

    def _answers_given(self) -> Iterator[Markup]:
        for row in self.of("reviews_given"):
            yield from self._answer(row, row["reviewer_id"])

    def _posts(self) -> Iterator[Markup]:
        for row in self.of("posts"):
            yield join((tag("h3", row["title"], " · ", row["enterprise"]), tag("blockquote", row["tasks"])))

    def _applications(self) -> Iterator[Markup]:
        _ = self._
        for row in self.of("applications"):
            yield tag("h3", row["post"], " · ", row["enterprise"])
            state = _(application_cards.STATES[ApplicationState(row["state"])])
            yield tag("p", self.when(row["created_at"]), " · ", state)
            for text in (row["words"], application_cards.reason_in(_, row["reason"])):
                if text:
                    yield tag("blockquote", text)

    def _letters(self, record: str) -> Iterator[Markup]:
        for row in self.of(record):
            who = (tag("p", row["author"]),) if "author" in row else ()
            yield join((*who, tag("blockquote", row["text"])))

    def _attached(self, attached: Iterable[Row]) -> list[Row]:
        captions = {row["file_id"]: row["caption"] for row in attached}
        return [{**row, "caption": captions[row["id"]]} for row in self.of("files") if row["id"] in captions]

    def _files(self, files: Iterable[Row]) -> Iterator[Markup]:
        """List files: each a link to where it is in the folder beside the page, or the word that it is not there."""
        _, lines = self._, []
        for row in files:
            name = row["name"] or _("mydata.page.file", n=row["id"])
            there = tag("a", name, href=row["in_parcel"]) if row["in_parcel"] else _("mydata.page.gone", name=name)
            caption = row.get("caption")
            lines.append(tag("li", self.when(row["created_at"]), " · ", there, *((" · ", caption) if caption else ())))
        if lines:
            yield tag("ul", join(lines))

    def _more(self) -> Iterator[Markup]:
        """Say of what else there is how much; records that are new here are never left out."""
        lines = [
            tag("li", tag("code", name), " · ", str(count))
            for name, count in self.rows.counts.items()
            if count and (name not in _TOLD or count > len(self.of(name)))
        ]
        if lines:
            yield tag("p", self._("mydata.page.more_about"))
            yield tag("ul", join(lines))

    def _week(self, starts_on: Any, week: Any) -> Markup:
        return dates.week_name(self._, weeks.number(starts_on, week), week)


def _by(rows: Iterable[Row], column: str) -> defaultdict[int, list[Row]]:
    found: defaultdict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row[column]].append(row)
    return found
