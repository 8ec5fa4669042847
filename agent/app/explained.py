"""The answer to ``ringwacht alerts route``, for people in German or English, and for programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from agent.alerts.rota import Rota
from agent.app.explain import Explanation, Told
from agent.risk.texts import Words
from config.errors import printable

_TEXTS: Mapping[str, tuple[str, str]] = {
    "question": ("{what}, ab {at}:", "{what}, from {at} on:"),
    "assumed": (
        "der Schweregrad war nicht angegeben: angenommen ist {severity}",
        "no severity was given: {severity} is assumed",
    ),
    "passed": (
        "Route {number} passt nicht: sie gilt für {wanted}",
        "route {number} does not match: it is for {wanted}",
    ),
    "matches": ("Route {number} passt", "route {number} matches"),
    "nobody": ("Keine Route passt: niemand erfährt davon", "no route matches: nobody is told"),
    "first": ("{at}: {who}", "{at}: {who}"),
    "escalated": (
        "{at}: {who}, wenn nach {after} niemand quittiert hat",
        "{at}: {who}, if nobody has acknowledged after {after}",
    ),
    "waits": (
        "die Meldung wartet, bis die Bürozeit beginnt",
        "the message waits until office hours begin",
    ),
    "digest": ("gesammelt, um {time}", "collected, at {time}"),
    "shift": ("{who} ({duty} bis {end})", "{who} ({duty} until {end})"),
    "otherwise": ("{who} ({duty}: niemand eingetragen)", "{who} ({duty}: nobody is entered)"),
    "fallback": ("{who}, falls nicht erreichbar: {others}", "{who}, if unreachable: {others}"),
    "repeat": ("wird alle {every} wiederholt, bis jemand quittiert", "repeated every {every} until acknowledged"),
    "once": ("wird nicht wiederholt", "not repeated"),
    "muted_accepted": (
        "Zu dieser Zeit erfährt niemand davon: akzeptiert bis {until} ({reason})",
        "nobody is told at that time: accepted until {until} ({reason})",
    ),
    "muted_maintenance": (
        "Zu dieser Zeit erfährt niemand davon: angekündigte Arbeiten bis {until} ({reason})",
        "nobody is told at that time: announced work until {until} ({reason})",
    ),
    "muted_hours": (
        "Zu dieser Zeit erfährt niemand davon: erst wieder ab {until} von Belang",
        "nobody is told at that time: it matters again from {until} on",
    ),
}


def text_of(explanation: Explanation, rota: Rota) -> str:
    """Return the answer as lines of text."""
    teller = _Teller(rota)
    return "\n".join(printable(line) for line in teller.lines(explanation))


def json_of(explanation: Explanation, rota: Rota) -> dict[str, object]:
    """Return the answer as values that JSON has; times are local, ISO 8601 with the offset."""
    route, muted, finding = explanation.route, explanation.muted, explanation.finding

    def iso(at: float) -> str:
        return datetime.fromtimestamp(at, rota.calendar.zone).isoformat()

    return {
        "at": iso(explanation.at),
        "rule": finding.rule or None,
        "subject": str(finding.subject),
        "site": finding.site,
        "severity": finding.severity.value,
        "severity_assumed": explanation.assumed,
        "route": explanation.number,
        "not_matching": [one._asdict() for one in explanation.passed],
        "told": [
            {**one._asdict(), "at": iso(one.at), "shift_ends": None if one.shift_ends is None else iso(one.shift_ends)}
            for one in explanation.told
        ],
        "digest": None if route is None or route.digest is None else f"{route.digest:%H:%M}",
        "repeat_seconds": None if route is None else route.repeat,
        "muted": None if muted is None else {"by": muted.by, "reason": muted.reason, "until": muted.until},
    }


class _Teller:
    def __init__(self, rota: Rota) -> None:
        self._words = Words(rota.settings.municipality.language)
        self._zone = rota.calendar.zone

    def lines(self, explanation: Explanation) -> Iterator[str]:
        finding, route = explanation.finding, explanation.route
        subject = "" if finding.subject.kind == "daemon" else str(finding.subject)
        site = "" if finding.subject.kind == "site" else finding.site or ""
        parts = (finding.severity.value, finding.rule, subject, site)
        yield self._say("question", what=" ".join(part for part in parts if part), at=self._moment(explanation.at))
        if explanation.assumed:
            yield "  " + self._say("assumed", severity=finding.severity.value)
        for passed in explanation.passed:
            yield "  " + self._say("passed", number=passed.number, wanted=f"{passed.key}: {passed.wants}")
        if route is None:
            yield "  " + self._say("nobody")
            return
        yield "  " + self._say("matches", number=explanation.number or 0)
        if explanation.muted is not None:
            muted = explanation.muted
            yield "  " + self._say(f"muted_{muted.by}", until=muted.until, reason=muted.reason)
        if route.digest is not None:
            yield "  " + self._say("digest", time=f"{route.digest:%H:%M}")
        elif explanation.told and explanation.told[0].at > explanation.free_at:
            yield "  " + self._say("waits")
        for told in explanation.told:
            yield "    " + self._told(told)
        key = "once" if route.repeat is None else "repeat"
        yield "  " + self._say(key, every=self._words.duration(route.repeat or 0.0))

    def _told(self, told: Told) -> str:
        who = told.receiver
        if told.duty is not None and told.shift_ends is None:
            who = self._say("otherwise", who=who, duty=told.duty)
        elif told.duty is not None and told.shift_ends is not None:
            who = self._say("shift", who=who, duty=told.duty, end=self._moment(told.shift_ends))
        if told.fallback:
            who = self._say("fallback", who=who, others=self._words.joined(told.fallback))
        if told.after is None:
            return self._say("first", at=self._moment(told.at), who=who)
        return self._say("escalated", at=self._moment(told.at), who=who, after=self._words.duration(told.after))

    def _moment(self, at: float) -> str:
        return self._words.moment(at, self._zone)

    def _say(self, key: str, **values: str | int) -> str:
        return _TEXTS[key][0 if self._words.language == "de" else 1].format(**values)
