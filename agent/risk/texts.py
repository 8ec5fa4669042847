"""What findings say, in German and English.

Texts are formatted with ``str.format`` from this table only; what a device says is an argument, cleaned, and never a
format.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from agent.contract import Reason
from agent.layout import clean_text

Language = Literal["de", "en"]

MAX_QUOTE_BYTES = 160

LONGEST = 1e15  # a number from here on is written in powers of ten

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
    "incomplete": ("{name} wird nur teilweise gelesen: {remark}", "{name} is read only in part: {remark}"),
    "not_possible": (
        "Ringwacht kann {count} Prüfung(en) nicht ausführen: {check}: {detail}",
        "Ringwacht cannot perform {count} check(s): {check}: {detail}",
    ),
    "state_not_written": (
        "Ringwacht kann seinen Zustand nicht speichern; Meldungen laufen aus dem Arbeitsspeicher weiter",
        "Ringwacht cannot write its state; alerts go on from memory",
    ),
    "uplink_down": (
        "Ringwacht ist abgeschnitten: keine Antwort von {names}; über andere gibt es keine Aussage",
        "Ringwacht is cut off: no answer from {names}; nothing is said about others",
    ),
    "uplink_others_answer": (
        "{count} Prüfung(en) an anderen Standorten antworten: lassen sich Gateway und Referenzen anpingen?",
        "{count} check(s) at other sites answer: do gateway and references answer ping?",
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
    "probe_failing": ("{name} antwortet nicht wie erwartet: {why}", "{name} does not answer as expected: {why}"),
    "clock_ahead": (
        "Uhr von {name} geht gegenüber der von Ringwacht {value} vor",
        "clock of {name} is {value} ahead of Ringwacht's",
    ),
    "clock_behind": (
        "Uhr von {name} geht gegenüber der von Ringwacht {value} nach",
        "clock of {name} is {value} behind Ringwacht's",
    ),
    "clock_off": (
        "Uhr von {name} weicht {value} von ihrer Zeitquelle ab",
        "clock of {name} is {value} off its source of time",
    ),
    "clock_measured": ("Abweichung {value}, auf {doubt} genau", "offset {value}, give or take {doubt}"),
    "clocks_alike": (
        "alle {count} abgefragten Uhren weichen in dieselbe Richtung ab: eher geht die von Ringwacht falsch",
        "all {count} clocks that were asked are off in the same direction: rather Ringwacht's own is wrong",
    ),
    "clock_unsynchronised": (
        "Uhr von {name} wird von keiner Zeitquelle gestellt",
        "clock of {name} is not kept by any source of time",
    ),
    "plugin": ("{name} meldet {status}: {output}", "{name} reports {status}: {output}"),
    "plugin_silent": ("ohne Text", "no text"),
    "plugin_status": ("Status des Plugins: {value}", "status of the plug-in: {value}"),
    "plugin_exit": ("unerlaubter Exit-Status {value}", "exit status {value}, which no plug-in should have"),
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
    "deadline_ends": ("{name} läuft {when} ab ({day})", "{name} expires {when} ({day})"),
    "deadline_over": ("{name} ist {when} abgelaufen ({day})", "{name} expired {when} ({day})"),
    "contract_ends": ("Vertrag {name} endet {when} ({day})", "contract {name} ends {when} ({day})"),
    "contract_over": ("Vertrag {name} ist {when} beendet ({day})", "contract {name} ended {when} ({day})"),
    "notice_ends": (
        "Vertrag {name}: Kündigungsfrist endet {when} ({day})",
        "contract {name}: the time to give notice ends {when} ({day})",
    ),
    "notice_over": (
        "Vertrag {name}: Kündigungsfrist {when} verstrichen ({day})",
        "contract {name}: the last day to give notice passed {when} ({day})",
    ),
    "warranty_ends": (
        "{name}: Garantie von {count} Gerät(en) endet, zuerst {when} ({day})",
        "{name}: warranty of {count} device(s) ends, first {when} ({day})",
    ),
    "models": ("{count} × {model}", "{count} × {model}"),
    "on_day": ("{day}: {what}", "{day}: {what}"),
    "provider": ("{provider} ({id})", "{provider} ({id})"),
    "today": ("heute", "today"),
    "tomorrow": ("morgen", "tomorrow"),
    "in_days": ("in {count} Tagen", "in {count} days"),
    "yesterday": ("seit gestern", "yesterday"),
    "days_ago": ("seit {count} Tagen", "{count} days ago"),
    "what_to_do": ("Zu tun: {what}", "To do: {what}"),
    "hotline": ("Hotline {number}", "hotline {number}"),
    "calendar": ("{name}: Fristen", "{name}: deadlines"),
    "kind_deadline": ("Frist", "Deadline"),
    "kind_notice": ("Kündigungsfrist", "Notice period"),
    "kind_contract": ("Vertragsende", "End of contract"),
    "kind_warranty": ("Garantie", "Warranty"),
    "kind_certificate": ("Zertifikat", "Certificate"),
    "kind_acceptance": ("Angenommener Befund", "Accepted finding"),
    "do_notice": ("kündigen oder die Verlängerung beschließen", "give notice, or decide to go on"),
    "do_contract": ("verlängern oder ablösen", "extend or replace"),
    "do_warranty": ("bekannte Mängel melden; Wartung oder Ersatz planen", "report known defects; plan for service"),
    "do_certificate": ("erneuern", "renew"),
    "do_acceptance": ("neu entscheiden: {reason}", "decide anew: {reason}"),
    "further": ("und {count} weitere", "and {count} more"),
    "threshold_above": ("{rule}: {value} (Grenze {bound})", "{rule}: {value} (limit {bound})"),
    "threshold_below": ("{rule}: {value} (mindestens {bound})", "{rule}: {value} (at least {bound})"),
    "threshold_absent": ("{rule}: {select} fehlt", "{rule}: {select} is absent"),
    "threshold_changed": (
        "{rule}: jetzt {value}, geändert in den letzten {bound}",
        "{rule}: now {value}, changed in the last {bound}",
    ),
    "series_new": ("neu seit {ago}", "new since {ago}"),
    "series_changed": ("{before} → {value} (vor {ago})", "{before} → {value} ({ago} ago)"),
    "too_many_series": (
        "Regel {rule} wählt {count} Reihen aus; {limit} davon werden betrachtet",
        "rule {rule} selects {count} series; {limit} of them are looked at",
    ),
    "too_many_subjects": (
        "Regel {rule} schlägt bei {count} Geräten, Strecken oder Diensten an; gemeldet werden {limit}",
        "rule {rule} finds {count} devices, links or services; {limit} are told",
    ),
    "unit_failed": ("{instance}: {name} ist fehlgeschlagen", "{instance}: {name} failed"),
    "raid_degraded": (
        "{name}: RAID {array} fehlen {missing} von {required} Platten",
        "{name}: RAID {array} lacks {missing} of {required} disks",
    ),
    "raid_array": (
        "{array}: {active} von {required} Platten in Betrieb",
        "{array}: {active} of {required} disks active",
    ),
    "reboot_required": ("{instance} muss neu gestartet werden", "{instance} needs a reboot"),
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

    def template(self, key: str) -> str:
        """Return the text as it stands, for who fills it in by itself. Raises KeyError."""
        return _TEXTS[key][0 if self.language == "de" else 1]

    def figure(self, value: float) -> str:
        """Return any value of a series: a whole number as it is, another with six significant digits."""
        return self.number(value) if value % 1 == 0 else self._marked(f"{value:.6g}", value)

    def number(self, value: float, digits: int = 0) -> str:
        """Return a number with the language's decimal mark: ∞ as it is, ? for NaN, what is absurdly long in powers."""
        return self._marked(f"{value:.{digits}f}" if abs(value) < LONGEST else f"{value:.6g}", value)

    def _marked(self, text: str, value: float) -> str:
        if not math.isfinite(value):
            return "?" if math.isnan(value) else "∞" if value > 0 else "-∞"
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
        """Return a duration as a person would say it: seconds, minutes, hours or days, rounded down; ? for NaN."""
        if seconds < 120:
            return f"{self.number(max(0.0, seconds) // 1)} s"
        if seconds < 2 * 3600:
            return f"{self.number(seconds // 60)} min"
        if seconds < 2 * 86400:
            return f"{self.number(seconds // 3600)} h"
        return self.say("days", value=self.number(seconds // 86400 if math.isfinite(seconds) else seconds))

    def day(self, day: date) -> str:
        """Return a day as in a German letter (DIN 5008), or as ISO 8601."""
        return f"{day.day:02}.{day.month:02}.{day.year:04}" if self.language == "de" else day.isoformat()

    def when(self, days_left: int) -> str:
        """Return how far off a day is: in 5 days, tomorrow, today, yesterday, 3 days ago."""
        near = {1: "tomorrow", 0: "today", -1: "yesterday"}
        if days_left in near:
            return self.say(near[days_left])
        return self.say("in_days" if days_left > 0 else "days_ago", count=abs(days_left))

    def size(self, size_bytes: float) -> str:
        """Return a size in the binary unit that fits."""
        value, units = size_bytes, ["B", "KiB", "MiB", "GiB", "TiB", "PiB"]
        while value >= 1024 and len(units) > 1:
            value, units = value / 1024, units[1:]
        return f"{self.number(value, 1 if units[0] != 'B' else 0)} {units[0]}"
