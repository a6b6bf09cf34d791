"""Who tries, what they are to whom, and what they may get to read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Actor:
    """Somebody with roles who tries everything: on whose affairs, and what they are to those."""

    roles: str
    whose: dict[str, tuple[str, str]]  # how the affairs stand to the actor, whose they are, what the actor is there
    bar: str = ""  # the id of the sentence that keeps out whoever has come so far and not further
    sees: str = ""  # whose marks may be read, besides one's own


ACTORS: dict[str, Actor] = {
    "ann": Actor(
        "student",
        {
            "own": ("ann", "student reader"),
            "classmate's": ("ben", "reader"),
            "other class's": ("cai", "reader"),
            "other school's": ("dan", ""),
        },
        sees="Li Wang C1 R1 E1 E2 Ann-post Ben-post Cai-post Eve-post Sol-post Noor-post",
    ),
    "li": Actor(
        "mentor",
        {
            "own student's": ("ann", "mentor reader"),
            "colleague's at the enterprise": ("ben", "reader"),
            "other enterprise's": ("cai", ""),
            "other school's": ("dan", ""),
        },
        sees="Ann Noor Wang Zhou Mei Ivy C1 R1 E1 Ann-phrase Noor-phrase Ann-post Ben-post Eve-post Sol-post Noor-post",
    ),
    "wang": Actor(
        "coordinator",
        {
            "own class's": ("ann", "coordinator school author reader"),
            "another of it": ("ben", "coordinator school author reader"),
            "other class's": ("cai", "school reader"),
            "other school's": ("dan", ""),
        },
        sees="Ann Ben Eve Sol Noor Li Mei Ivy Mok Xu Zhou Cho C1 R1 E1 E2"
        " Ann-asks Ben-asks Eve-asks Sol-asks Noor-asks"
        " Ann-post Ben-post Cai-post Eve-post Sol-post Noor-post",
    ),
    "ivy": Actor(
        "mentor coordinator",
        {
            "own student's": ("eve", "mentor reader"),
            "own class's": ("dan", "coordinator school reader"),
            "colleague's at the enterprise": ("ann", "reader"),
            "other enterprise's": ("cai", ""),
        },
        sees="Eve Dan Kim Park Wang Zhou Li Mei C1 C3 R1 R2 E1 E3 Eve-phrase Dan-asks"
        " Ann-post Ben-post Dan-post Eve-post Sol-post Noor-post",
    ),
    "sol": Actor("", {"own": ("sol", "self"), "classmate's": ("ann", "")}, "access.suspended", "Wang"),
    "mok": Actor("", {"own student's": ("sol", ""), "colleague's": ("ann", "")}, "access.suspended", "Wang Zhou"),
    "cho": Actor("", {"own class's": ("sol", ""), "other class's": ("cai", "")}, "access.suspended"),
    "noor": Actor(
        "student",
        {"own": ("noor", "student reader"), "classmate's": ("ann", "reader"), "other school's": ("dan", "")},
        "access.agree_first",
        "Wang",
    ),
    "olga": Actor("", {"one school's": ("ann", ""), "another's": ("dan", "")}, "access.nobody"),
}
LACKING = {
    "student": "access.students_only",
    "mentor": "access.mentors_only",
    "coordinator": "access.coordinators_only",
    "staff": "access.mentors_only",
    "poster": "post_form.not_for_you",
}


def refusal_at_the_gate(actor: Actor, gate: str) -> str:
    """The id of the sentence that refuses before anything is looked up; empty where the actor is let through."""
    if gate == "open":
        return ""
    if actor.bar:
        return actor.bar
    wanted = {"mentor", "coordinator"} if gate in {"staff", "poster"} else {gate}
    return "" if gate == "member" or wanted & set(actor.roles.split()) else LACKING[gate]
