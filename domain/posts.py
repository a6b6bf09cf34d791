"""Internship posts and the applications for them: their states, and when two posts are the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from urllib.parse import urlsplit

from domain.words import key, shorten

TITLE_LIMIT, TASKS_LIMIT, CITY_LIMIT, PAY_LIMIT = 120, 2000, 80, 60
WORDS_LIMIT, REASON_LIMIT = 500, 500
MOST_PLACES = 999


class PostState(StrEnum):
    """Whether a post takes applications, apart from its last day."""

    OPEN = "open"
    CLOSED = "closed"


class ApplicationState(StrEnum):
    """How far an application has come: the enterprise answers first, then the school."""

    SENT = "sent"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


class Reason(StrEnum):
    """Ready reasons for a no, kept by these ids and read in the reader's language; others are someone's own words."""

    FULL = "@full"
    PERIOD = "@period"
    FIT = "@fit"
    CLOSED = "@closed"
    SCHOOL_PERIOD = "@school_period"
    ENTERPRISE = "@enterprise"
    OTHER_PLANS = "@other_plans"
    PLACED = "@placed"  # the student was placed elsewhere meanwhile


# From which states each state is reached.
BEFORE = {
    ApplicationState.ACCEPTED: (ApplicationState.SENT,),
    ApplicationState.DECLINED: (ApplicationState.SENT,),
    ApplicationState.CONFIRMED: (ApplicationState.ACCEPTED,),
    ApplicationState.REFUSED: (ApplicationState.ACCEPTED,),
    ApplicationState.WITHDRAWN: (ApplicationState.SENT, ApplicationState.ACCEPTED),
}
DECLINE_REASONS = (Reason.FULL, Reason.PERIOD, Reason.FIT, Reason.CLOSED)
REFUSE_REASONS = (Reason.SCHOOL_PERIOD, Reason.ENTERPRISE, Reason.OTHER_PLANS)


@dataclass(frozen=True, slots=True)
class PostDetails:
    """What whoever publishes a post says about it; only the title is required."""

    title: str
    tasks: str = ""
    city: str = ""
    pay: str = ""
    places: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    apply_by: date | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """A post with the names that its card shows; without a mentor the student's coordinators answer applications."""

    id: int
    enterprise_id: int
    enterprise: str
    mentor_id: int | None
    mentor: str
    is_public: bool
    details: PostDetails
    apply_url: str | None
    state: PostState
    version: int

    def is_open(self, today: date) -> bool:
        """Whether it takes applications on a day."""
        by = self.details.apply_by
        return self.state is PostState.OPEN and (by is None or today <= by)


@dataclass(frozen=True, slots=True)
class Application:
    """A student's application, with the names that its cards show; `decider` is whoever decided last."""

    id: int
    post: Post
    student_id: int
    student_person: int | None
    student: str
    number: str
    class_id: int
    class_name: str
    school_id: int
    words: str
    state: ApplicationState
    reason: str
    decider: str
    created_at: datetime

    @property
    def waits(self) -> bool:
        """Whether somebody still has to decide."""
        return self.state in {ApplicationState.SENT, ApplicationState.ACCEPTED}


def same_key(apply_url: str | None, enterprise: str, title: str, city: str) -> str:
    """Return what two writings of one post have in common: the `apply_url`, else enterprise, title and city.

    Of a URL only scheme and host are compared without case (RFC 3986, 6.2.2.1).
    """
    url = (apply_url or "").strip()
    if url:
        try:
            parts = urlsplit(url)
            url = parts._replace(scheme=parts.scheme.lower(), netloc=parts.netloc.lower()).geturl()
        except ValueError:  # what is no URL is compared as it stands
            pass
        return f"url\n{url}"
    return "\n".join(("post", key(enterprise), key(title), key(city)))


def can_be_opened(url: str) -> bool:
    """Whether Telegram takes an address for a button: http or https, a host with a dot, no spaces."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    dotted = "." in host.strip(".")
    return parts.scheme.lower() in {"http", "https"} and dotted and not any(char.isspace() for char in url)


def row_label(title: str, city: str, pay: str) -> str:
    """Return a post as one line of a list that fits a phone: "title · city · pay"."""
    return " · ".join(part for part in (shorten(title, 26), shorten(city, 14), shorten(pay, 12)) if part)
