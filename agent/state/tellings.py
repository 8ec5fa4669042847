"""What receivers were told of alerts, put together from messages that are not in the file yet. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from agent.contract import AlertState, Notification, Telling

Tellings = Mapping[tuple[str, str], tuple[Telling, ...]]


def latest(tellings: Tellings) -> dict[tuple[str, str], float]:
    """Return, by (alert id, receiver), when it last was told, or is to be, that the alert fires."""
    return {pair: max(one.last for one in said) for pair, said in tellings.items()}


def with_messages(tellings: Tellings, messages: Iterable[Notification]) -> Tellings:
    """Return what was told once these are counted as well."""
    found = dict(tellings)
    for one in messages:
        if one.alert.state is AlertState.FIRING:
            pair, at = (one.alert.id, one.receiver), one.not_before
            said = Telling(one.alert.finding.severity, at, at, at > one.created_at)
            found[pair] = (*(known for known in found.get(pair, ()) if known != said), said)
    return found


def without(tellings: Tellings, withdrawn: Iterable[Notification]) -> Tellings:
    """Return what was told without what was to be told and will not be."""
    found = dict(tellings)
    for one in withdrawn:
        pair = (one.alert.id, one.receiver)
        left = tuple(said for said in found.get(pair, ()) if not said.waits)
        found.pop(pair, None)
        if left:
            found[pair] = left
    return found
