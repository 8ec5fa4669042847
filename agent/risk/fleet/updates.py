"""How many devices wait for updates, or for the reboot that makes them effective, as their exporters say."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from typing import Literal

from agent.contract import Measure, Subject
from agent.risk.sight import Sight
from agent.tallies import UPDATE_DEVICES

# Packages that wait, by origin; the textfile scripts of node_exporter's collection (apt_info, yum_info).
WAITING = ("apt_upgrades_pending", "yum_upgrades_pending")
# One series for each update that waits (windows_exporter, collector `update`).
LISTED = "windows_updates_pending_info"
# That it looked for updates at all (the same collector): then what is not listed does not wait.
LOOKED = "windows_updates_scrape_timestamp_seconds"
REBOOT = "node_reboot_required"

Updates = Literal["none", "pending", "reboot"]


def update_measures(sight: Sight) -> Iterator[Measure]:
    """Yield how many devices of a site stand how; a device that says nothing of updates is in no count."""
    found: dict[Subject, Updates] = {}
    sites: dict[Subject, str] = {}
    for family in (*WAITING, LISTED, LOOKED, REBOOT):
        for series in sight.view.series(family):
            if not math.isnan(series.value) and (family != LOOKED or series.value > 0):
                sites[series.subject] = series.site or ""
                _note(found, series.subject, family, waits=series.value > 0 and family != LOOKED)
    counts = Counter((sites[subject], updates) for subject, updates in found.items())
    yield from (Measure(UPDATE_DEVICES, labels, count) for labels, count in sorted(counts.items()))


def _note(found: dict[Subject, Updates], subject: Subject, family: str, *, waits: bool) -> None:
    """A reboot that is due goes before what waits; that none is due says nothing of what waits."""
    if family == REBOOT:
        if waits:
            found[subject] = "reboot"
    elif waits:
        found[subject] = "pending"
    else:
        found.setdefault(subject, "none")
