from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest
from rich.console import Console
from rich.text import Text

from agent.contract import Alert, AlertState, Finding, Muted, Severity, Subject, Transition
from agent.demo import screen
from agent.demo.county import Prepared
from agent.demo.scenario import Event, Scenario, What

PREPARED = Prepared(
    directory=Path("demo-county"),
    config_path=Path("demo-county/ringwacht.yml"),
    web_address="127.0.0.1:9601",
    portal_url="https://127.0.0.1:8443/",
    trap_address="127.0.0.1:1162",
    upsd_address="127.0.0.1:3493",
    jamf_url="http://127.0.0.1:8081/api",
    beamers={},
    devices={"rr-kreishaus-a": "127.0.1.11:1161"},
    scenario=Scenario.ALL,
    speed=2,
)


def transition(state: AlertState, severity: Severity = Severity.CRITICAL, summary: str = "a hop is down") -> Transition:
    finding = Finding("link_down", Subject("link", "rf-no-os"), severity, summary)
    return Transition(Alert("1", finding, state, since=0, changed_at=0), None, at=0)


def printed(text: Text, *, terminal: bool, width: int = 60) -> str:
    out = io.StringIO()
    colours: Literal["standard"] | None = "standard" if terminal else None
    screen.show(Console(file=out, force_terminal=terminal, width=width, color_system=colours), text)
    return out.getvalue()


def test_the_banner_says_where_to_look() -> None:
    plain = printed(screen.banner(PREPARED), terminal=False)
    for place in (
        "http://127.0.0.1:9601/ ",
        "/metrics",
        "/api/v1/alerts",
        "/deadlines.ics",
        "demo-county/ringwacht.yml",
    ):
        assert place in plain
    assert "2 times as fast" in plain


@pytest.mark.parametrize("terminal", [True, False])
def test_nothing_of_the_banner_is_cut(terminal: bool) -> None:
    assert "…" not in printed(screen.banner(PREPARED), terminal=terminal, width=30)


@pytest.mark.parametrize(
    ("state", "word"),
    [(AlertState.PENDING, "pending"), (AlertState.FIRING, "critical"), (AlertState.RESOLVED, "resolved")],
)
def test_an_alert_is_one_line_of_time_word_and_summary(state: AlertState, word: str) -> None:
    plain = printed(screen.alert_line(transition(state)), terminal=False)
    assert plain.count("\n") == 1
    time, said, *rest = plain.split()
    assert (len(time), said) == (8, word)
    assert " ".join(rest) == "a hop is down link:rf-no-os"


def test_what_follows_from_another_alert_is_one_faint_line_that_names_it() -> None:
    followed = transition(AlertState.FIRING)
    finding = replace(followed.alert.finding, cause=Subject("site", "ostfeld"))
    muted = Muted("cause", "Ostfeld is cut off", "")
    line = screen.alert_line(replace(followed, alert=replace(followed.alert, finding=finding, muted=muted)), told=False)
    assert line.plain.endswith("critical   a hop is down  link:rf-no-os  (told with site:ostfeld)")
    assert line.style == "dim"
    assert not line.spans


def test_lines_stand_under_each_other() -> None:
    lines = [
        screen.event_line(Event(0, What.CUT, "a storm"), 0).plain,
        *(screen.alert_line(transition(AlertState.FIRING, severity, "a storm")).plain for severity in Severity),
        screen.alert_line(transition(AlertState.RESOLVED, summary="a storm")).plain,
    ]
    assert len({line.index("a storm") for line in lines}) == 1


def test_piped_lines_are_plain_and_whole() -> None:
    plain = printed(screen.alert_line(transition(AlertState.FIRING, summary="x" * 300)), terminal=False)
    assert "\x1b" not in plain
    assert "x" * 300 in plain


def test_on_a_terminal_a_line_has_colour_and_is_folded_under_its_own_text() -> None:
    shown = printed(screen.alert_line(transition(AlertState.FIRING, summary="x" * 300)), terminal=True)
    assert "\x1b[1;31mcritical" in shown
    assert shown.count("x") == 300
    first, *rest = shown.rstrip("\n").split("\n")
    assert rest
    assert all(line.startswith(" " * (Text.from_ansi(first).plain.index("x"))) for line in rest)


def test_what_a_device_says_cannot_paint_on_the_terminal() -> None:
    line = screen.alert_line(transition(AlertState.FIRING, summary="[red]\x1b[2J\r\nboo[/red]"))
    assert line.plain.isprintable()
    assert "[red]" in line.plain
