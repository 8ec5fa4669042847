"""What a job polls, what a finding is about."""

from __future__ import annotations

from typing import Literal, NamedTuple

SubjectKind = Literal[
    "device",
    "link",
    "service",
    "site",
    "ring",
    "room",
    "daemon",
    "uplink",
    "rule",
    "deadline",
    "contract",
    "group",
    "power",
    "partner",
    "receiver",
    "function",
    "source",
    "fleet",
    "projector",
    "licence",
    "credential",
]


class Subject(NamedTuple):
    """What a job polls or a finding is about; written ``kind:id`` as in the inventory."""

    kind: SubjectKind
    id: str

    def __str__(self) -> str:
        """Return ``kind:id``."""
        return f"{self.kind}:{self.id}"
