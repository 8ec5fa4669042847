"""What findings say, in German and English.

Texts are formatted with ``str.format`` from this table only; what a device says is an argument, cleaned, and never a
format.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from agent.contract import Reason
from agent.layout import clean_text

Language = Literal["de", "en"]

MAX_QUOTE_BYTES = 160

_TEXTS: Mapping[str, tuple[str, str]] = {
    "unreachable": (
        "{name} antwortet gar nicht ({failed})",
        "{name} does not answer at all ({failed})",
    ),
    "partly": (
        "{name} antwortet auf {answering}, aber nicht auf {failed}",
        "{name} answers {answering} but not {failed}",
    ),
    "useless": (
        "{name} antwortet unbrauchbar ({failed})",
        "{name} answers nothing usable ({failed})",
    ),
    "no_answer_yet": (
        "{name} antwortet nicht auf {failed}; {unasked} seither noch nicht erneut abgefragt",
        "{name} does not answer {failed}; {unasked} not asked again since",
    ),
    "refused": (
        "{name} weist die Zugangsdaten zurück ({failed})",
        "{name} refuses the credentials ({failed})",
    ),
    "not_possible": (
        "Ringwacht kann {count} Prüfung(en) nicht ausführen: {check}: {detail}",
        "Ringwacht cannot perform {count} check(s): {check}: {detail}",
    ),
    "state_not_written": (
        "Ringwacht kann seinen Zustand nicht speichern; Meldungen laufen aus dem Arbeitsspeicher weiter",
        "Ringwacht cannot write its state; alerts go on from memory",
    ),
    "uplink_down": (
        "Ringwacht ist abgeschnitten: {names} und alles dahinter antworten nicht; was nicht antwortet, ist unbekannt",
        "Ringwacht is cut off: {names} and all beyond do not answer; whatever is silent is unknown",
    ),
    "uplink_deaf": (
        "{names} antworten Ringwacht nicht, obwohl andere Standorte erreichbar sind",
        "{names} do not answer Ringwacht although other sites do",
    ),
    "port_missing": ("Strecke {name}: {end} gibt es nicht", "link {name}: there is no {end}"),
    "link_down": ("Strecke {name} ist ausgefallen ({says})", "link {name} is down ({says})"),
    "end_up": ("{end}: {source} in Betrieb", "{end}: {source} up"),
    "end_down": ("{end}: {source} ausgefallen", "{end}: {source} down"),
    "end_off": ("{end}: {source} abgeschaltet", "{end}: {source} switched off"),
    "end_unsaid": ("{end}: ohne Angabe", "{end}: says neither"),
    "end_unknown": ("{end}: unbekannt", "{end}: unknown"),
    "end_missing": ("{end}: nicht vorhanden", "{end}: not there"),
    "radio": ("Funkstrecke", "radio"),
    "port": ("Port", "port"),
    "probe_up": ("Prüfung der Strecke: Antwort", "reply to the probe"),
    "probe_down": ("Prüfung der Strecke: keine Antwort", "no reply to the probe"),
    "probe_unknown": ("Prüfung der Strecke: unbekannt", "probe: unknown"),
    "on_battery": ("{name} läuft auf Batterie", "{name} is on battery"),
    "charge": ("Ladestand {value}", "charge {value}"),
    "runtime": ("noch {value}", "{value} left"),
    "too_short": (
        "Abschalten dauert {value}",
        "an orderly shutdown takes {value}",
    ),
    "temperature": (
        "{name}: {value} (Grenze {limit})",
        "{name}: {value} (limit {limit})",
    ),
    "humidity": (
        "{name}: Luftfeuchte {value} (erlaubt {low} bis {high})",
        "{name}: humidity {value} (allowed {low} to {high})",
    ),
    "sensor": ("{sensor}: {value}", "{sensor}: {value}"),
    "leak": ("{name}: Wasser gemeldet ({sensors})", "{name}: water detected ({sensors})"),
    "smoke": ("{name}: Rauch gemeldet ({sensors})", "{name}: smoke detected ({sensors})"),
    "service": ("{name} ist gestört: {why}", "{name} is failing: {why}"),
    "answer_wrong": ("Antwort nicht wie erwartet", "answer not as expected"),
    "status": ("HTTP-Status {value}", "HTTP status {value}"),
    "certificate": ("Zertifikat von {name} läuft in {value} ab", "certificate of {name} expires in {value}"),
    "certificate_expired": (
        "Zertifikat von {name} ist seit {value} abgelaufen",
        "certificate of {name} expired {value} ago",
    ),
    "expires": ("gültig bis {value} UTC", "valid until {value} UTC"),
    "full": ("{name}: {mount} ist zu {value} belegt", "{name}: {mount} is {value} full"),
    "more": ("{text} (und {count} weitere)", "{text} (and {count} more)"),
    "mount_full": ("{mount}: {value} belegt, {free} frei", "{mount}: {value} used, {free} free"),
    "filling": (
        "{name}: {mount} ist in {value} voll, wenn es so weitergeht",
        "{name}: {mount} will be full in {value} at this pace",
    ),
    "mount_filling": (
        "{mount}: voll in {value}, noch {free} frei",
        "{mount}: full in {value}, {free} free",
    ),
    "and": ("{first} und {last}", "{first} and {last}"),
    "days": ("{value} Tagen", "{value} days"),
    "percent": ("{value} %", "{value}%"),
    "reason_timeout": ("keine Antwort", "no answer"),
    "reason_refused": ("abgewiesen", "refused"),
    "reason_unreachable": ("nicht erreichbar", "unreachable"),
    "reason_auth": ("Zugangsdaten abgelehnt", "credentials refused"),
    "reason_bad_reply": ("unbrauchbare Antwort", "unusable answer"),
    "reason_config": ("nicht prüfbar", "cannot be checked"),
    "reason_internal": ("interner Fehler", "internal error"),
}


@dataclass(frozen=True, slots=True)
class Words:
    """The texts of one language."""

    language: Language

    def say(self, key: str, **values: str | int) -> str:
        """Return the text with cleaned values. Raises KeyError for an unknown key or a missing value."""
        cleaned = {name: clean_text(str(value), MAX_QUOTE_BYTES) for name, value in values.items()}
        return _TEXTS[key][0 if self.language == "de" else 1].format(**cleaned)

    def number(self, value: float, digits: int = 0) -> str:
        """Return a number with the language's decimal mark."""
        text = f"{value:.{digits}f}"
        return text.replace(".", ",") if self.language == "de" else text

    def celsius(self, value: float) -> str:
        """Return a temperature in °C."""
        return f"{self.number(value, 1)} °C"

    def percent(self, ratio: float) -> str:
        """Return a ratio as a percentage."""
        return self.say("percent", value=self.number(ratio * 100))

    def reason(self, reason: Reason | None) -> str:
        """Return why a poll failed, in words."""
        return "" if reason is None else self.say(f"reason_{reason.value}")

    def joined(self, names: Sequence[str]) -> str:
        """Return ``a, b and c``."""
        if len(names) < 2:
            return "".join(names)
        return self.say("and", first=", ".join(names[:-1]), last=names[-1])

    def duration(self, seconds: float) -> str:
        """Return a duration as a person would say it: seconds, minutes, hours or days, rounded down."""
        if seconds < 120:
            return f"{max(0, int(seconds))} s"
        if seconds < 2 * 3600:
            return f"{int(seconds // 60)} min"
        if seconds < 2 * 86400:
            return f"{int(seconds // 3600)} h"
        return self.say("days", value=int(seconds // 86400))

    def size(self, size_bytes: float) -> str:
        """Return a size in the binary unit that fits."""
        value, units = size_bytes, ["B", "KiB", "MiB", "GiB", "TiB", "PiB"]
        while value >= 1024 and len(units) > 1:
            value, units = value / 1024, units[1:]
        return f"{self.number(value, 1 if units[0] != 'B' else 0)} {units[0]}"
