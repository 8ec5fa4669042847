"""Composes what a person is told by one parcel: a first line, a body, and the same as a text message. Pure."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from agent.contract import AlertState, Notification, Parcel, Severity
from exporters.messages.briefing import Briefing
from exporters.messages.inert import cut, inert
from exporters.messages.lines import (
    Headline,
    Section,
    acknowledge_line,
    headline,
    label,
    lateness,
    sections,
)
from exporters.messages.sms import SEPTETS, text_message

TITLE_CHARACTERS = 200
MAX_LISTED = 15  # alerts in one message
MAX_LINKS = 5  # the first of them have a link of their own; whoever has more to acknowledge takes the page
_REFERENCE_CHARS = 8

Tone = Literal["failure", "warning", "info", "success"]
_TONES: dict[Severity, Tone] = {
    Severity.CRITICAL: "failure",
    Severity.WARNING: "warning",
    Severity.INFO: "info",
}
_RANKS = {Severity.CRITICAL: 0, Severity.WARNING: 1, Severity.INFO: 2}


@dataclass(frozen=True, slots=True)
class Message:
    """What is said to a person; ``tone`` as Apprise names its kinds. ``extras``: what a text message adds if it fits.

    ``reference`` is short and the same at each try: a person sees a message that came twice as what it is.
    """

    headline: Headline
    sections: tuple[Section, ...]
    extras: tuple[str, ...]
    tone: Tone
    reference: str

    def title(self, limit: int = TITLE_CHARACTERS) -> str:
        """Return the first line in at most ``limit`` characters."""
        return self.headline.text(min(limit, TITLE_CHARACTERS))

    def body(self, limit: int | None = None) -> str:
        """Return the lines below; where they are too long for ``limit`` characters, what matters least is left out."""
        kept = [section for section in self.sections if section.lines]
        while limit is not None and len(_joined(kept)) > limit and len(kept) > 1:
            kept.remove(max(kept, key=lambda section: section.rank))
        return _joined(kept) if limit is None else _whole_lines(_joined(kept), limit)

    def short(self, limit: int = SEPTETS) -> str:
        """Return it as a text message of at most ``limit`` septets: first line, telephone number, link."""
        return text_message(*self.headline, self.extras, limit)


def compose(parcel: Parcel, briefing: Briefing) -> Message:
    """Return the message of a parcel. The same parcel and briefing always make the same message."""
    reference = hashlib.sha256(parcel.key.encode()).hexdigest()[:_REFERENCE_CHARS]
    told = _latest(parcel.notifications)
    now = max(one.due_at for one in told) if parcel.sent_at is None else parcel.sent_at
    if parcel.kind == "test":
        return _test(told[0], briefing, reference)
    if parcel.kind != "digest" and len(told) == 1:
        return _single(told[0], briefing, reference, now)
    return _several(parcel.kind, told, briefing, reference, now)


def _latest(notifications: Iterable[Notification]) -> list[Notification]:
    """Return the last notification of each alert, the worst first, what is over last."""
    last = {notification.alert.id: notification for notification in notifications}
    return sorted(last.values(), key=_badness)


def _badness(notification: Notification) -> tuple[bool, int]:
    alert = notification.alert
    return alert.state is AlertState.RESOLVED, _RANKS[alert.finding.severity]


def _tone(worst: Notification) -> Tone:
    alert = worst.alert
    return "success" if alert.state is AlertState.RESOLVED else _TONES[alert.finding.severity]


def _single(told: Notification, briefing: Briefing, reference: str, now: float) -> Message:
    first = headline(told, briefing, now)
    below = [Section(1, tuple(lateness([told], briefing, now))), *sections(told, briefing, reference, now)]
    link = briefing.acknowledge_link(told)
    if first.text(TITLE_CHARACTERS) != "".join(first):  # said whole at least once
        below.insert(0, Section(1, (first.what,)))
    extras = (*_telephone(told, briefing), *([link] if link else []))
    return Message(first, tuple(below), extras, _tone(told), reference)


def _several(
    kind: Literal["alerts", "digest", "summary"],
    told: Sequence[Notification],
    briefing: Briefing,
    reference: str,
    now: float,
) -> Message:
    worst = told[0]
    one = headline(worst, briefing, now)
    count = briefing.say("one") if len(told) == 1 else briefing.say("many", count=len(told))
    first = one._replace(before=f"{label(worst, briefing)}, {count}: ")
    if kind != "alerts":
        counted = _counted(told, briefing)
        first = one._replace(before=briefing.say("worst_of", label=briefing.say(kind), count=count, counted=counted))
    listed = Section(1, tuple(_list(told, briefing, now, with_links=kind != "digest")))
    intro = Section(4, tuple(_intro(kind, told, briefing, now)))
    digest = kind == "digest"
    about = (_reference(briefing, reference),) if digest else tuple(_about_worst(worst, briefing, reference, now))
    extras = tuple(_telephone(worst, briefing)) if kind != "digest" else ()  # no link: it would be for one of them
    return Message(first, (intro, listed, *about, _overview(briefing)), extras, _tone(worst), reference)


def _intro(kind: str, told: Sequence[Notification], briefing: Briefing, now: float) -> Iterator[str]:
    """Yield why they come together: late, or because there are too many."""
    late = tuple(lateness(told, briefing, now))
    yield from late
    if kind == "summary":
        yield briefing.say("collected" if late else "storm")


def _counted(told: Iterable[Notification], briefing: Briefing) -> str:
    """Return how many there are of each severity."""
    counts = Counter(_badness(one) for one in told)
    words = [*(severity.value for severity in _RANKS), "resolved"]
    numbers = [counts[False, rank] for rank in _RANKS.values()]
    numbers.append(sum(count for (over, _), count in counts.items() if over))
    pairs = zip(numbers, words, strict=True)
    return ", ".join(
        briefing.say("counted", count=number, label=briefing.say(word)) for number, word in pairs if number
    )


def _list(told: Sequence[Notification], briefing: Briefing, now: float, *, with_links: bool) -> Iterator[str]:
    """Yield a line for each alert and the link that acknowledges it."""
    shown = told if len(told) <= MAX_LISTED else told[: MAX_LISTED - 1]
    for number, notification in enumerate(shown):
        yield f"- {headline(notification, briefing, now).text(TITLE_CHARACTERS)}"
        if with_links and number < MAX_LINKS:
            yield from (f"  {line}" for line in acknowledge_line(notification, briefing))
    if len(shown) < len(told):
        yield f"- {briefing.say('more', count=len(told) - len(shown))}"


def _about_worst(worst: Notification, briefing: Briefing, reference: str, now: float) -> Iterator[Section]:
    """Yield what is known of the worst; its link stands in the list. Of what is over there is no more to say."""
    if worst.alert.state is AlertState.RESOLVED:
        yield _reference(briefing, reference)
        return
    about = [one for one in sections(worst, briefing, reference, now) if one.lines and one.rank != 0]
    yield Section(about[0].rank, (briefing.say("worst"), *about[0].lines))
    yield from about[1:]


def _reference(briefing: Briefing, reference: str) -> Section:
    return Section(5, (briefing.say("reference_only", reference=reference),))


def _overview(briefing: Briefing) -> Section:
    return Section(2, () if briefing.address is None else (briefing.say("overview", address=f"{briefing.address}/"),))


def _telephone(told: Notification, briefing: Briefing) -> Iterator[str]:
    """Yield the first telephone number to call."""
    if told.alert.state is AlertState.RESOLVED:
        return
    numbers = (contact.number for contact in briefing.contacts(told.alert) if contact.number)
    number = next(numbers, None)
    if number is not None:
        yield briefing.say("telephone", number=inert(number, TITLE_CHARACTERS))


def _test(told: Notification, briefing: Briefing, reference: str) -> Message:
    time = briefing.time(told.created_at, told.created_at)
    title = inert(briefing.say("test_title", receiver=told.receiver, time=time), TITLE_CHARACTERS)
    body = Section(0, (briefing.say("test_body"),))
    first = Headline(f"{briefing.say('test')}: ", title, "")
    return Message(first, (body, _reference(briefing, reference), _overview(briefing)), (), "info", reference)


def _joined(kept: Iterable[Section]) -> str:
    return "\n\n".join("\n".join(section.lines) for section in kept)


def _whole_lines(text: str, limit: int) -> str:
    """Return as many lines as fit, the last one shortened."""
    if len(text) <= limit:
        return text
    end = text.rfind("\n", 0, limit + 1)
    return text[:end].rstrip() if end > 0 else cut(text, limit)
