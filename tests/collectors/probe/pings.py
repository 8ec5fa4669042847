"""Ping checks to poll with, and whether this machine lets us ping."""

from __future__ import annotations

from typing import Any

import pytest

from agent.contract import (
    Collector,
    Subject,
    Target,
)
from agent.wire.wire import LocalWire
from collectors.probe import icmp
from collectors.probe.params import IcmpParams
from collectors.probe.pinger import PingerShare, open_socket

DEVICE, SITE = Subject("device", "sw-rathaus-1"), Subject("site", "rathaus")


def may_ping() -> bool:
    try:
        open_socket(4, None)
    except PermissionError:
        return False
    return True


real = pytest.mark.skipif(not may_ping(), reason="this machine does not let us ping")


def build(
    wire: LocalWire,
    share: PingerShare,
    host: str = "192.0.2.1",
    seconds: float = 30,
    subject: Subject = DEVICE,
    **params: Any,
) -> Collector:
    target = Target(subject, host=host, timeout_seconds=seconds)
    return icmp.make_spec(share).build(target, IcmpParams(**params), wire)
