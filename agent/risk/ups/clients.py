"""Are the computers connected that are to be shut down before the battery ends?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from agent import neutral
from agent.contract import Finding, Severity
from agent.risk.catalogue.power import SHUTDOWN_CLIENTS_MISSING
from agent.risk.sight import Outcome, Sight
from agent.risk.ups.feeding import Feeds
from agent.risk.ups.outage import shortened
from agent.risk.ups.standing import Standing, configured_clients
from agent.risk.ups.verdict import found, unless_known

# A computer that restarts, for its updates, is away for so long.
RESTART_SECONDS = 900.0

_WORSE = {Severity.INFO: Severity.WARNING, Severity.WARNING: Severity.CRITICAL}


def judge_clients(sight: Sight, standing: Standing, feeds: Feeds) -> Iterator[Outcome]:
    """Yield ``shutdown_clients_missing`` where something is to be shut down: the room says so, or the UPS feeds it.

    In an outage the most that were connected since it began count: those that are gone have been shut down.
    """
    expected = configured_clients(sight, standing.ups.name)
    now = standing.ups.value(neutral.UPS_CLIENTS)
    fed = sorted(feeds.beyond(standing.ups.name))
    if expected == 0 or (standing.needs.shutdown is None and not fed):
        return
    if now is None:
        yield from unless_known(standing, SHUTDOWN_CLIENTS_MISSING, neutral.UPS_CLIENTS)
        return
    connected = now if standing.clients is None else standing.clients
    if (connected < expected) if expected is not None else connected == 0:
        finding = _missing(sight, standing, round(connected), expected)
        evidence = (sight.words.say("ups_clients_fed", names=shortened(sight.words, fed)),) if fed else ()
        yield replace(finding, evidence=evidence)


def _missing(sight: Sight, standing: Standing, connected: int, expected: int | None) -> Finding:
    words, name = sight.words, standing.ups.name
    severity = Severity.INFO if expected is None else Severity.WARNING
    summary = words.say("ups_clients_none", name=name)
    if connected and expected is not None:
        summary = words.say("ups_clients_few", name=name, connected=connected, expected=expected)
    if standing.outage_since is not None:
        return found(standing, SHUTDOWN_CLIENTS_MISSING, _WORSE[severity], summary)
    finding = found(standing, SHUTDOWN_CLIENTS_MISSING, severity, summary)
    return replace(finding, hold_seconds=RESTART_SECONDS)
