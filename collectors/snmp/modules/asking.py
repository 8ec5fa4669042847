"""How modules say that a device is to be asked; of several modules the most careful one counts. Pure.

``max_repetitions`` is a ceiling for the module's own subtrees (0: none); ``timeout`` and ``retries`` are the least that
the device is given for everything, whatever the inventory says; the rest are permissions.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from collectors.snmp.modules.module import Module
from collectors.snmp.oid import is_under

WRITTEN_BY_DEFAULT = 25
"""snmp_exporter's own default, which older generators wrote into each module: it says nothing of the device."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What the modules of one device say, where they say something.

    ``few`` are subtrees with the rows to ask for at most, ``loose`` those whose OIDs need not increase, ``any_source``
    believes answers from every address.
    """

    few: tuple[tuple[str, int], ...] = ()
    loose: tuple[str, ...] = ()
    retries: int = 0
    timeout_seconds: float = 0.0
    any_source: bool = False

    def repetitions(self, root: str, otherwise: int) -> int:
        """Return how many rows of a subtree to ask for at most."""
        return min([otherwise, *(rows for oid, rows in self.few if _touch(root, oid))])

    def is_loose(self, root: str) -> bool:
        """Whether the OIDs of a subtree need not increase."""
        return any(_touch(root, oid) for oid in self.loose)


ANYHOW = Asking()
"""Nothing is said."""


def asking(modules: Iterable[Module]) -> Asking:
    """Return what these modules say."""
    many = list(modules)
    return Asking(
        few=tuple((oid, rows) for module in many if (rows := _careful(module)) for oid in module.asked),
        loose=tuple(oid for module in many if module.allow_nonincreasing_oids for oid in module.asked),
        retries=max((module.retries or 0 for module in many), default=0),
        timeout_seconds=max((module.timeout or 0.0 for module in many), default=0.0),
        any_source=any(module.use_unconnected_udp_socket for module in many),
    )


def _careful(module: Module) -> int | None:
    """Return how many rows the module asks for, where somebody chose the number."""
    return None if module.max_repetitions == WRITTEN_BY_DEFAULT else module.max_repetitions


def _touch(root: str, oid: str) -> bool:
    return is_under(root, oid) or is_under(oid, root)
