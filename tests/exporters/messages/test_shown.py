"""The messages that docs/messages.md shows are those that are sent."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from agent.contract import AlertState, Parcel, Severity, Subject
from exporters.messages.compose import compose
from tests.exporters.briefings import SINCE, briefing, make_alert, parcel, told

PAGE = (Path(__file__).parents[3] / "docs/messages.md").read_text(encoding="utf-8")

LINE = make_alert(
    evidence=("fw-ev/wan1: Port ausgefallen", "Prüfung der Strecke: keine Antwort"), norm="BSI NET.1.1.A36"
)
RING = make_alert(
    "Funkstrecke Kreishaus–Wadersloh ist ausgefallen, der Ring trägt über Sassenberg",
    subject=Subject("link", "rf-kh-wad"),
    severity=Severity.WARNING,
    site="wadersloh",
    evidence=("rr-kh-a/1: Funkstrecke ausgefallen", "rr-wad-a/1: ohne Angabe"),
    number=2,
)
PORTAL = make_alert(
    "Serviceportal antwortet nicht (http)",
    rule="service_failing",
    subject=Subject("service", "portal"),
    site=None,
    number=3,
)


def cut_off() -> Parcel:
    effects = ("Jobcenter Everswinkel ist abgeschnitten", "fw-ev antwortet gar nicht (icmp, snmp)")
    return parcel(told(LINE, effects=effects), key="1")


def escalated() -> Parcel:
    late = replace(LINE, work="Umzug des Jobcenters")
    return parcel(told(late, receiver="head-of-it", reason="escalated", at=SINCE + 930), key="2")


def several() -> Parcel:
    return parcel(told(RING), told(PORTAL), key="3")


def over() -> Parcel:
    gone = replace(RING, state=AlertState.RESOLVED, clear_since=SINCE + 7500, changed_at=SINCE + 7620)
    return parcel(told(gone, reason="resolved", at=SINCE + 7620), key="4")


def trial() -> Parcel:
    return parcel(told(LINE), kind="test", key="5")


@pytest.mark.parametrize("made", [cut_off, escalated, several, over, trial])
def test_the_page_shows_the_message(made: Callable[[], Parcel]) -> None:
    message = compose(made(), briefing())
    assert f"```text\n{message.title()}\n\n{message.body()}\n```" in PAGE


@pytest.mark.parametrize("made", [cut_off, escalated, several, over, trial])
def test_the_page_shows_the_text_message(made: Callable[[], Parcel]) -> None:
    short = compose(made(), briefing()).short()
    assert f"```text\n{short}\n```" in PAGE
    assert len(short) <= 160


def test_the_page_shows_nothing_else() -> None:
    assert len(re.findall(r"^```text$", PAGE, re.MULTILINE)) == 10
