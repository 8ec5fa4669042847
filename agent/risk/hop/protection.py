"""Two carriers at an end: which of them works, and whether the second one would."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from agent.risk.hop.readings import Carrier

Kind = Literal["none", "1+1", "2+0"]

# A hot standby hears what the working radio hears, less what the coupler takes. Far below that its receiver is deaf.
_DEAF_DB = 20.0


class Pair(NamedTuple):
    """The carriers of an end: ``working`` carry, ``failed`` would not, ``missing`` is how many are not seen at all.

    ``unsure``: those that wait and of which nobody can say whether they would carry. ``switched``: the radio that the
    inventory names is muted and the other one sends.
    """

    working: tuple[Carrier, ...]
    failed: tuple[Carrier, ...] = ()
    unsure: tuple[Carrier, ...] = ()
    missing: int = 0
    switched: bool = False


def pair(kind: Kind, named: str | None, carriers: Sequence[Carrier]) -> Pair:
    """Tell the duty of each carrier. ``named``: the port that the inventory names, None where it names none."""
    if kind == "1+1":
        return _standby(named, carriers)
    failed = tuple(carrier for carrier in carriers if carrier.up is False)
    working = tuple(carrier for carrier in carriers if carrier.up is not False)
    missing = max(0, 2 - len(carriers)) if kind == "2+0" and carriers else 0
    return Pair(working, failed, missing=missing)


def _standby(named: str | None, carriers: Sequence[Carrier]) -> Pair:
    if not carriers:
        return Pair(())
    best = max((one.received for one in carriers if one.received is not None), default=None)
    verdicts = [(one, _failed(one, best)) for one in carriers]
    failed = tuple(one for one, verdict in verdicts if verdict)
    unsure = tuple(one for one, verdict in verdicts if verdict is None)
    sending = [one for one in carriers if one.muted is False]
    silent = [one for one in carriers if one.muted]
    switched = bool(sending) and any(one.port == named for one in silent)
    candidates = sending or [one for one in carriers if not one.muted] or list(carriers)
    alive = [one for one in candidates if one not in failed]
    return Pair(tuple((alive or candidates)[:1]), failed, unsure, max(0, 2 - len(carriers)), switched)


def _failed(carrier: Carrier, best: float | None) -> bool | None:
    """Whether the radio would not carry. A muted one is not up at many makes: then its receiver is the witness.

    None: there is no witness.
    """
    if carrier.up is not False or not carrier.muted:
        return carrier.up is False
    if carrier.received is None or best is None:
        return None
    return carrier.received <= best - _DEAF_DB
