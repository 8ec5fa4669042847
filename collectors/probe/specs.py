"""The three probes, with what they share: authorities' certificates, and ping sockets."""

from __future__ import annotations

from agent.contract import CollectorSpec
from collectors.probe import http, icmp, tcp
from collectors.probe.connect import TrustShare
from collectors.probe.pinger import PingerShare


def make_specs() -> tuple[CollectorSpec, CollectorSpec, CollectorSpec]:
    """Return the specs of ``icmp``, ``http`` and ``tcp``; each call's collectors share among themselves."""
    trust = TrustShare()
    return icmp.make_spec(PingerShare()), http.make_spec(trust), tcp.make_spec(trust)
