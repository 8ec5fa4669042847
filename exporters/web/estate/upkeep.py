"""Licences and configuration backups, as rows of tables. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from agent.estate import ConfigBackup, LicenceState
from exporters.web.alertlist import Namer
from exporters.web.estate.tables import TableRow, known
from exporters.web.words import Mark, Tone, clean

# tones by how the seats stand (``agent.estate.LicenceState.state``)
_TONES: Mapping[str, Tone] = {"near": "info", "over": "warning", "lapsing": "warning", "suspended": "warning"}


def licence_rows(states: Mapping[str, LicenceState], namer: Namer) -> Iterator[TableRow]:
    """Yield each licence with its seats and its renewal."""
    for name, licence in namer.inventory.licences.items():
        state = states.get(name)
        if state is None:
            continue
        counts = tuple(known(one, lambda n: str(int(n))) for one in (state.seats, state.used))
        renews = "–" if licence.renews is None else namer.words.words.day(licence.renews)
        yield TableRow(clean(licence.name or licence.product), _seats(state, namer), (*counts, renews))


def _seats(state: LicenceState, namer: Namer) -> Mark:
    if state.state == "unknown":
        return namer.words.mark("unknown")
    return namer.words.mark(_TONES.get(state.state, "ok"), f"seats_{state.state}")


def backup_rows(states: Mapping[str, ConfigBackup], namer: Namer) -> Iterator[TableRow]:
    """Yield each device whose configuration is backed up, or ought to be."""
    for name, state in states.items():
        last = known(state.succeeded_at, lambda at: namer.words.moment("ago", at).text)
        changed = known(state.changed_at, namer.words.local)
        notes = [namer.words.say("unsaved")] if state.unsaved else []
        notes += [state.detail] if state.detail else []
        device = namer.inventory.devices.get(name)
        title = clean(name if device is None else device.name or name)
        yield TableRow(title, _backup(state, namer), (last, changed), tuple(clean(one) for one in notes))


def _backup(state: ConfigBackup, namer: Namer) -> Mark:
    if state.succeeded_at is None:
        return namer.words.mark("warning" if state.attempted_at is not None else "unknown", "backup_never")
    if state.succeeded_at != state.attempted_at:
        return namer.words.mark("warning", "backup_failed")
    return namer.words.mark("info" if state.unsaved else "ok", "backup_fresh")
