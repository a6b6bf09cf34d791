"""Who may do what, for every command and every verb of a button: the table that the matrix test plays.

A rule says which thing the verb's id names, who may have it answered, and the rest that a true button would carry.
`about` is a word of `tests.authority.school.Affairs.things`; without one the verb is about nobody but whoever presses,
whatever id it carries. `may` names what somebody has to be to the student, class or enterprise that the thing is
about (see `tests.authority.people.STANDING`). `gate` is the role that is asked for before anything is looked up:
"member" is any role, "open" everybody.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.authority.school import FIRST, FORMS, THIS_WEEK


@dataclass(frozen=True)
class Rule:
    """What a verb is about, and for whom it does something."""

    gate: str
    about: str = ""
    may: str = ""
    rest: str = ""
    stale: bool = False  # a true press finds the thing in another state here, and is shown how it is
    kept: bool = False  # it goes on with what was asked of whoever presses: another's is never found by it


def _own(gate: str, *verbs: str, rest: str = "") -> dict[str, Rule]:
    return {verb: Rule(gate, rest=rest) for verb in verbs}


def _all(gate: str, about: str, may: str, *verbs: str, rest: str = "", stale: bool = False) -> dict[str, Rule]:
    return {verb: Rule(gate, about, may, rest, stale) for verb in verbs}


# Commands name nobody's record: the role decides. "staff" is a mentor or a coordinator.
COMMANDS: dict[str, str] = {
    **dict.fromkeys(("start", "menu", "help", "privacy", "settings", "language", "sos", "forgetme"), "open"),
    **dict.fromkeys(("log", "moments", "feedback", "placement"), "student"),
    **dict.fromkeys(("missing", "announce", "students", "classes", "enterprises"), "coordinator"),
    **dict.fromkeys(("posts", "applications"), "member"),
    "mydata": "open",
    "queue": "staff",
    "find": "member",
    "newpost": "poster",
}

VERBS: dict[str, Rule] = {
    # Everybody's own affairs. The forms of `join` are keyed by the invitation and belong to whoever opened its link.
    **_own("open", "home", "help", "privacy", "mydata", "settings", "settings.language", "language.next"),
    **_own("open", "settings.choose", rest="zone"),
    **_own("open", "settings.zone", rest="Asia/Shanghai"),
    **_own("open", "settings.time", rest="0900"),
    **{f"join.{verb}": Rule("open", "invitation", kept=True) for verb in ("agree", "keep", "again", "correct", "yes")},
    "form.resume": Rule("coordinator", "place", "author", rest="place", kept=True),
    "privacy.agree": Rule("open", stale=True),
    # A call for help: whoever is a student has a school to tell; those of the school whom it reaches take care of it.
    **_own("open", "sos", "sos.tell"),
    **_all("open", "sos", "student", "sos.stop", "sos.write"),
    **_own("coordinator", "care"),
    **_all("coordinator", "sos", "coordinator", "sos.open", "sos.take", "sos.close", "sos.keep"),
    **_all("coordinator", "school", "school", "school.number"),
    # What is kept about somebody goes when they ask; whoever looks after the class says what becomes of the rest.
    **_own("open", "forget"),
    "forget.yes": Rule("open", stale=True),  # some have asked already
    **_all("open", "removal", "student self", "forget.back"),
    **_all("coordinator", "removal", "coordinator", "removal", "removal.release", "removal.why", "removal.leave"),
    **_all("coordinator", "class", "coordinator", "retention"),
    **_all("coordinator", "class", "coordinator", "retention.years", rest="5"),
    **_all("coordinator", "class", "coordinator", "retention.switch", rest="off"),
    # How a week was, and who is to be called.
    **_all("student", "placement", "student", "pulse", "pulse.words", rest=THIS_WEEK.isoformat()),
    **_all("student", "placement", "student", "pulse.say", rest=f"{THIS_WEEK.isoformat()}.4"),
    **_all("student", "placement", "student", "pulse.call"),
    **_own("coordinator", "flags"),
    **_all("coordinator", "line", "coordinator", "pulses"),
    **_all("coordinator", "flag", "coordinator", "flag", "flag.called"),
    # A student's log, moments and placement.
    **_own("student", "log.now", "log.weeks", "feedback", "placement.mine"),
    **_all("student", "placement", "student", "log.open", "reminder.later", rest=THIS_WEEK.isoformat()),
    **_all("student", "log", "student", "log.show", "log.preview", "log.withdraw"),
    **_all("student", "approved", "student", "log.hear"),
    **_all("student", "log", "student", "log.nudge", rest="mentor", stale=True),  # its time is not up
    **_all("student", "draft", "student", "log.edit", "log.files", "log.sections", "log.submit", "log.drop"),
    **_all("student", "draft", "student", "log.ask", rest="learned"),
    **_all("student", "draft", "student", "log.hours", rest="30"),
    **_all("student", "draft", "student", "log.day", rest="0/8/4"),
    **_all("student", "draft", "student", "late", "late.pick", rest="ill", stale=True),  # there is still time
    **_all("student", "draft", "student", "late.back"),
    **_own("student", "moments"),
    **_own("student", "settings.keep", rest="on"),
    **_all("student", "moment", "student", "moment.keep", "moment.always", "moment.drop", "moment.show"),
    **_all("student", "saved", "student", "moment.put", rest="learned"),
    **_all("student", "draft", "student", "moment.fill"),
    **_all("student", "draft", "student", "moment.undo", stale=True),  # nothing was put in
    # What a student needs help with now, asked of whoever answers the logs.
    **_all("student", "draft", "student", "question.log", stale=True),  # no problem is written there
    **_all("student", "moment", "student", "question.moment"),
    **_all("student", "question", "student", "question.tell", stale=True),  # the mentor still has time
    **_all("member", "question", "mentor coordinator", "question.pick", rest="show"),
    **_all("member", "question", "mentor coordinator", "question.write", "question.back"),
    # Reviewing: the mentor of the placement, or whoever covers the class.
    **_all("member", "log", "mentor coordinator", "review.open", "review.approve", "review.later", "review.back"),
    **_all("member", "log", "mentor coordinator", "review.tomorrow"),
    **_all("member", "log", "mentor coordinator", "review.files", "review.whole", "review.notes"),
    **_all("member", "log", "mentor coordinator", "review.hear"),
    **_all("member", "log", "mentor coordinator", "review.mute", rest="done."),
    **_all("member", "log", "mentor coordinator", "review.chip", rest="safety.1."),
    **_all("member", "log", "mentor coordinator", "review.on", "review.unsay", rest="done."),
    **_all("member", "log", "mentor coordinator", "review.ask", rest="needs_info."),
    **_all("member", "log", "mentor coordinator", "review.reason", rest="returned.too_short."),
    **_all("member", "log", "mentor coordinator", "review.keep", stale=True),  # nothing was typed
    **_all("member", "approved", "mentor coordinator", "review.undo", "review.send", "review.say", stale=True),
    **_all("member", "approved", "mentor coordinator", "review.done"),
    "review.word": Rule("member", "approved", "mentor coordinator", stale=True),
    **_all("member", "approved", "mentor coordinator", "review.stars", "review.hours", rest="1.", stale=True),
    **_own("staff", "queue", "queue.next", "queue.of", "queue.students"),
    **_all("staff", "", "", "queue.approve", "queue.undo", stale=True),  # nothing was opened, or approved just now
    # A reviewer's own phrases.
    **_own("staff", "phrases", "phrases.new"),
    **_all("member", "phrase", "mentor", "phrases.drop"),
    **_all("member", "phrase", "mentor", "phrases.undo", stale=True),  # it was not deleted
    **_own("coordinator", "queue.all"),
    **_own("mentor", "mentees"),
    **_own("mentor", "away"),
    **_own("mentor", "digest"),
    **_own("mentor", "digest.day", rest="2.1"),
    **_own("mentor", "digest.time", rest="0900"),
    "away.to": Rule("mentor", stale=True),  # nobody of that id is a colleague
    **_all("mentor", "hand_over", "mentor", "away.back", stale=True),  # it has ended
    **_all("member", "line", "mentor coordinator", "student.logs"),
    # Announcements: their author's, and their readers'.
    **_own("coordinator", "announce", "announce.history"),
    **_all("coordinator", "letter_draft", "author", "announce.text", "announce.keep", "announce.whole"),
    **_all("coordinator", "letter_draft", "author", "announce.send", "announce.cancel", "announce.ack"),
    **_all("coordinator", "letter_draft", "author", "announce.nofile"),
    **_all("coordinator", "letter_draft", "author", "announce.part", rest="to"),
    **_all("coordinator", "letter_draft", "author", "announce.to", rest="mentors"),
    **_all("coordinator", "letter_draft", "author", "announce.class", rest="{class}"),
    **_all("coordinator", "letter_draft", "author", "announce.enterprise", rest="{enterprise}"),
    **_all("coordinator", "letter_draft", "author", "announce.school", rest="{school}"),
    **_all("coordinator", "letter", "author", "announce.show", "announce.stop", "announce.remind"),
    **_all("coordinator", "letter", "author", "announce.people", rest="open.0"),
    "announcement.ack": Rule("member", "letter", "student mentor"),
    # Classes, colleagues and enterprises.
    **_own("coordinator", "missing", "missing.remind", "classes", "classes.unclaimed", "colleagues", "coordinators"),
    **_own("coordinator", "enterprises", "students.classes", "class.new", "enterprise.new"),
    **_all("coordinator", "class", "coordinator", "class", "class.colleagues", "class.edit", "class.leave"),
    **_all("coordinator", "class", "coordinator", "students", "students.find", "requests", "invitations.class"),
    **_all("coordinator", "class", "coordinator", "invite.class"),
    **_all("coordinator", "class", "coordinator", "class.photos", rest="off"),
    **_all("coordinator", "class", "coordinator", "template", "template.preview", "template.undo"),
    **_all("coordinator", "class", "coordinator", "template.part", "template.write", rest="extra1"),
    **_all("coordinator", "class", "coordinator", "template.set", rest="learned.required"),
    **_all("coordinator", "class", "coordinator", "class.second", rest="on"),
    **_all("coordinator", "class", "coordinator", "class.add", rest="{colleague}"),
    **_all("coordinator", "class", "coordinator school", "class.claim", stale=True),  # somebody covers it
    **_all("coordinator", "colleague", "school", "coordinator", rest="{school}"),
    **_all("coordinator", "colleague", "school", "coordinator.do", rest="{school}.suspend"),
    **_all("coordinator", "school", "school", "invite.colleague"),
    **_all("coordinator", "enterprise", "school", "enterprise", "invite.mentor", "invitations.enterprise", "mentors"),
    **_all("coordinator", "mentor", "school", "mentor", rest="{enterprise}"),
    **_all("coordinator", "mentor", "school", "mentor.do", rest="{enterprise}.suspend"),
    **_all("coordinator", "invitation", "coordinator", "invitation", "invitation.sure", "invitation.revoke"),
    **_all("coordinator", "request", "coordinator", "request"),
    **_all("coordinator", "request", "coordinator", "join.decide", rest="no"),
    # Students and placements.
    **_all("coordinator", "line", "coordinator", "student", "place"),
    **_all("coordinator", "line", "coordinator", "student.do", rest="suspend"),
    **_all("coordinator", "placement", "coordinator", "placement", "placement.mentors", "placement.end"),
    **_all("coordinator", "placement", "coordinator", "placement.excuse"),
    **_all("coordinator", "placement", "coordinator", "placement.mentor", rest="0"),
    **_all("coordinator", "placement", "coordinator", "placement.cancel", stale=True),  # it has begun
    **_all("coordinator", "placement", "coordinator", "placement.unexcuse", rest=FIRST.isoformat()),
    # Posts and applications.
    **_own("member", "posts", "posts.page", "posts.cities", "posts.city", "posts.clear", "posts.leave", "post.mine"),
    **_own("member", "applications", "applications.page", "applications.of"),
    **_own("poster", "post.new"),
    "post.open": Rule("member", "post", "reader"),
    **_all("member", "post", "mentor", "post.edit", "post.close"),
    **_all("member", "post", "mentor", "post.reopen", stale=True),  # it is open
    "apply": Rule("student", "vacancy_post", "reader"),
    **_all("student", "application", "student", "application.mine", "application.withdraw"),
    **_all("member", "application", "mentor coordinator", "application.open", "application.keep"),
    **_all("member", "application", "mentor", "application.accept"),
    **_all("member", "application", "mentor", "application.no"),
    **_all(
        "member", "application", "mentor coordinator", "application.reason", rest="full", stale=True
    ),  # nobody asked
    "application.confirm": Rule("coordinator", "accepted", "coordinator"),
}

# The same verbs about something else: a log that was not handed in is nobody's but its student's.
MORE: list[tuple[str, Rule]] = [
    ("review.open", Rule("member", "draft")),
    ("review.approve", Rule("member", "draft")),
    ("review.files", Rule("member", "draft")),
    ("review.notes", Rule("member", "draft")),
    ("review.chip", Rule("member", "draft", rest="safety.1.")),
    # What a mentor has passed on is read by both and answered by the school; the mentor may still add to their word.
    *((f"review.{verb}", Rule("member", "passed", "mentor coordinator")) for verb in ("open", "files", "notes")),
    ("review.whole", Rule("member", "passed", "mentor coordinator")),
    ("review.approve", Rule("member", "passed", "coordinator")),
    ("review.ask", Rule("member", "passed", "coordinator", "needs_info.")),
    ("review.reason", Rule("member", "passed", "coordinator", "returned.too_short.")),
    ("review.tomorrow", Rule("member", "passed", "coordinator")),
    ("log.show", Rule("student", "passed", "student")),
    ("log.withdraw", Rule("student", "passed", "student", stale=True)),
    ("log.submit", Rule("student", "log", "student", stale=True)),
    ("announcement.ack", Rule("member", "letter_draft")),
    ("announce.text", Rule("coordinator", "letter", "author", stale=True)),
    ("announce.send", Rule("coordinator", "letter", "author", stale=True)),
]

# A form is kept for one person: whatever its button names, only whoever fills it in reaches it.
VERBS |= {
    f"{form}.{verb}": Rule(
        "member" if form == "post_edit" else role,
        form,
        "author" if role == "coordinator" else role,
        stale=True,
        kept=True,
    )
    for form, (role, _about, _step, _known) in FORMS.items()
    for verb in ("pick", "skip", "to", "page", "done", "cancel")
}
