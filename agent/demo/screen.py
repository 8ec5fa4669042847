"""What a person sees while the county plays: where to look, and one calm line for everything that happens.

Every function returns a ``rich`` text; ``show`` prints it, with colour on a terminal and plain where it is piped.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from rich.console import Console
from rich.table import Table
from rich.text import Text

from agent.contract import Alert, AlertState, Severity, Transition
from agent.demo.county import Prepared
from agent.demo.scenario import Event
from agent.layout import clean_text

_MAX_SUMMARY = 500  # bytes; a summary may quote a device
_STYLES = {Severity.CRITICAL: "bold red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
_STORY, _GOOD, _QUIET, _PLACE = "bold blue", "green", "dim", "cyan"
_WORD = 9  # width of the second column
_INDENT = 8 + 2 + _WORD + 2  # time and word, and the space after each


def banner(prepared: Prepared) -> Text:
    """Return what is watched and where to look."""
    text = Text.assemble(("Kreis Musterland", "bold"), ", simulated on this machine, is watched.\n\n")
    for name, place, remark in _places(prepared):
        text.append(f"  {name:<{_WORD}}")
        text.append(place, style=_PLACE)
        text.append(f"  {remark}".rstrip() + "\n", style=_QUIET)
    return text.append("\nCtrl-C ends it.\n", style=_QUIET)


def _places(prepared: Prepared) -> Iterator[tuple[str, str, str]]:
    web = f"http://{prepared.web_address}"
    yield "page", f"{web}/", "open it in a browser"
    yield "metrics", f"{web}/metrics", ""
    yield "alerts", f"{web}/api/v1/alerts", "for programs; devices and deadlines beside it"
    yield "calendar", f"{web}/deadlines.ics", "what runs out, to subscribe to"
    yield "config", str(prepared.config_path), "yours to keep as a start"
    first, address = next(iter(prepared.devices.items()))
    yield "a device", address, f"{first}: snmpwalk -v2c -c public {address} system"
    yield "story", prepared.scenario.value, "" if prepared.speed == 1 else f"{prepared.speed:g} times as fast"


def event_line(event: Event, now: float) -> Text:
    """Return the line of something that happens in the county; ``now`` is the wall clock."""
    return _line(now, "county", _STORY, Text(event.text, style=_STORY))


def alert_line(transition: Transition, *, told: bool = True) -> Text:
    """Return the line of an alert that begins to stand, fires or is resolved; text from devices is made harmless.

    ``told``: whether people are told of it; what only follows from another alert is shown faintly.
    """
    alert = transition.alert
    summary = Text(clean_text(alert.finding.summary, _MAX_SUMMARY))
    summary.append(f"  {clean_text(str(alert.finding.subject))}", style=_QUIET)
    word, style = alert.finding.severity.value, _STYLES[alert.finding.severity]
    if alert.state is AlertState.RESOLVED:
        word, style = "resolved", _GOOD
    elif alert.state is AlertState.PENDING:
        word, told = "pending", False
    elif not told:
        summary.append(_why_quiet(alert))
    line = _line(transition.at, word, style, summary)
    return line if told else Text(line.plain, _QUIET)


def _why_quiet(alert: Alert) -> str:
    """Say why nobody is told."""
    if alert.muted is None or alert.muted.by != "cause" or alert.finding.cause is None:
        return "  (not told)"
    return f"  (told with {clean_text(str(alert.finding.cause))})"


def _line(at: float, word: str, style: str, what: Text) -> Text:
    clock = datetime.fromtimestamp(at, UTC).astimezone().strftime("%H:%M:%S")
    return Text.assemble((clock, _QUIET), "  ", (f"{word:<{_WORD}}", style), "  ", what)


def show(console: Console, text: Text) -> None:
    """Print it: on a terminal a long line is folded under its own text; banner and piped lines are left whole."""
    if console.is_terminal and "\n" not in text.plain:
        grid = Table.grid()
        grid.add_column(no_wrap=True)
        grid.add_column(overflow="fold")
        grid.add_row(text[:_INDENT], text[_INDENT:])
        console.print(grid, highlight=False)
    else:
        console.print(text, soft_wrap=True, highlight=False)
