"""How remarks are made on the card of a log: what is noted so far, what is asked, and what can be pressed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.texts import N_, join
from domain.logs import Log, Section
from domain.remarks import CHIPS, MOST_PHRASES, MOST_STARS, PHRASE_LIMIT, length_of
from domain.words import shorten
from handlers import log_card, remarks, sections
from handlers.buttons import button
from handlers.voices import MINUTES, WHOLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

    from bot.send import Button
    from bot.texts import Texts
    from domain.logs import Review
    from domain.people import Draft
    from domain.remarks import Phrase, Remarks

NOTES = "notes"  # the step at which remarks are chosen; "notes.done" asks for the one on that section
NAMED = 40  # characters of a phrase on its button
WORDS = "words"  # what was typed before anybody said which section it is about
VOICE = "voice"  # the file of a voice note that came before that
OF_VOICE = (VOICE, "seconds", "caption")


def section_of(step: str) -> Section | None:
    """Return the section on which a remark is asked for."""
    name = step.removeprefix(f"{NOTES}.")
    return Section(name) if step != name and name in set(Section) else None


def is_noting(draft: Draft | None, log: Log) -> bool:
    """Whether remarks on the log as it is are being made."""
    if draft is None or draft.answers.get("version") != log.version:
        return False
    return draft.step == NOTES or section_of(draft.step) is not None


def noted(_: Texts, log: Log, its: Remarks) -> Markup | None:
    """Return what will go with the answer; None where nothing was noted."""
    if not its:
        return None
    return join((_("review.noted"), said(_, log, its)))


def said(_: Texts, log: Log, its: Remarks, language: str = "") -> Markup | None:
    """Return every remark, the ready ones first; `language` is that in which another reviewer chose them."""
    whole = (remarks.chips(_, its, language), remarks.voice(_, its, None))
    return join((*whole, log_card.remarked(_, log.template, its))) or None


def question(_: Texts, log: Log, draft: Draft) -> Markup:
    """Return what is asked: which remark, which section, or the words on a section."""
    section = section_of(draft.step)
    if section is not None:
        return _("review.notes.write", part=sections.name(_, log.template, section), minutes=MINUTES)
    if is_asking_where(draft):
        return _which(_, draft)
    return _("review.notes.ask", name=log.placement.student_name, minutes=MINUTES)


def is_asking_where(draft: Draft) -> bool:
    """Whether something was typed or said before anybody said what it is about."""
    return bool(draft.answers.get(WORDS)) or VOICE in draft.answers


def _which(_: Texts, draft: Draft) -> Markup:
    if VOICE in draft.answers:
        return _("review.notes.which_voice", length=length_of(draft.answers["seconds"]))
    return _("review.notes.which", words=draft.answers[WORDS])


def buttons(_: Texts, log: Log, draft: Draft, its: Remarks, mine: Sequence[Phrase]) -> list[list[Button]]:
    """Return what can be pressed: ready remarks, phrases of one's own and sections, or the way back to them."""
    origin = str(draft.answers.get("origin", ""))
    back = button(_.plain("button.back"), "review.notes", log.id, log.version, origin)
    section = section_of(draft.step)
    if section is not None:
        drop = button(_.plain("review.notes.unsay"), "review.unsay", log.id, log.version, f"{section.value}.{origin}")
        return [[drop] if section in its.sections or section in its.voices else [], [back]]
    parts = _by_two([_part(_, log, part, its, origin) for part in log.sections])
    if is_asking_where(draft):
        drop = button(_.plain("review.notes.drop"), "review.notes", log.id, log.version, origin)
        return [*parts, _whole(_, log, draft, origin, full=len(mine) >= MOST_PHRASES), [drop]]
    chips = [_chip(_, log, code, _.plain(remarks.CHIPS[code]), origin, chosen=code in its.chips) for code in CHIPS]
    own = sorted({phrase.id: phrase for phrase in (*mine, *its.phrases)}.items())
    chosen = {phrase.id for phrase in its.phrases}
    said = [_chip(_, log, number, named(_, phrase), origin, chosen=number in chosen) for number, phrase in own]
    to_phrases = button(_.plain("phrases.door"), "phrases", log.id, rest=origin)
    return [*_by_two(chips), *_by_two(said), *parts, [to_phrases]]


def _whole(_: Texts, log: Log, draft: Draft, origin: str, *, full: bool) -> list[Button]:
    """Return what else than a part it can be about: a voice note all of the log, what was typed if it is a phrase."""
    if VOICE in draft.answers:
        return [button(_.plain("review.notes.whole"), "review.on", log.id, log.version, f"{WHOLE}.{origin}")]
    if full or not is_phrase(str(draft.answers[WORDS])):
        return []
    return [button(_.plain("review.notes.keep"), "review.keep", log.id, log.version, origin)]


def is_phrase(words: str) -> bool:
    """Whether what was typed can be kept as a phrase."""
    return len(words) <= PHRASE_LIMIT and "\n" not in words


def named(_: Texts, phrase: Phrase) -> str:
    """Return what a phrase is called on a button."""
    return _.plain("remark.phrase", words=shorten(phrase.text, NAMED))


def words_to_say(_: Texts, log: Log, mine: Sequence[Phrase]) -> list[list[Button]]:
    """Return one's own phrases, to be sent as a word."""
    return _by_two([button(named(_, phrase), "review.say", log.id, log.version, phrase.id) for phrase in mine])


def _by_two(each: list[Button]) -> list[list[Button]]:
    return [each[start : start + 2] for start in range(0, len(each), 2)]


def _part(_: Texts, log: Log, section: Section, its: Remarks, origin: str) -> Button:
    label = N_("review.notes.change") if section in its.sections or section in its.voices else N_("review.notes.part")
    rest = f"{section.value}.{origin}"
    return button(_.plain(label, part=sections.label(_, log.template, section)), "review.on", log.id, log.version, rest)


def _chip(_: Texts, log: Log, code: str | int, said: str, origin: str, *, chosen: bool) -> Button:
    """Make the button of a remark, which says what is to be, so that pressing it twice does no harm."""
    label = _.plain("review.notes.chosen", chip=said) if chosen else said
    return button(label, "review.chip", log.id, log.version, f"{code}.{int(not chosen)}.{origin}")


# --- with an approval -------------------------------------------------------------------------------------------


def with_approval(_: Texts, log: Log, review: Review, origin: str) -> list[list[Button]]:
    """Return what an approval may have besides: stars, confirmed hours, remarks."""
    given = review.stars or 0
    stars = []
    for number in range(1, MOST_STARS + 1):
        label = N_("review.button.star") if number <= given else N_("review.button.no_star")
        rest = f"{0 if number == given else number}.{origin}"
        stars.append(button(_.plain(label, number=number), "review.stars", log.id, log.version, rest))
    more = [button(_.plain("review.button.remarks"), "review.notes", log.id, log.version, origin)]
    if log.hours is not None:
        confirmed = review.hours is not None
        label = N_("review.button.hours_confirmed") if confirmed else N_("review.button.hours")
        rest = f"{int(not confirmed)}.{origin}"
        hours = button(_.plain(label, hours=_.number(log.hours)), "review.hours", log.id, log.version, rest)
        more.insert(0, hours)
    return [stars, more]
