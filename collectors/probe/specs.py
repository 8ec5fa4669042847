"""The five probes, with what they share: authorities' certificates, and ping sockets."""

from __future__ import annotations

from agent.contract import CollectorSpec
from agent.wire.trust import TrustShare
from collectors.probe import dns, http, icmp, ntp, tcp
from collectors.probe.pinger import PingerShare


def make_specs() -> tuple[CollectorSpec, ...]:
    """Return the specs of ``icmp``, ``http``, ``tcp``, ``dns`` and ``ntp``; each call's collectors share their own."""
    trust = TrustShare()
    return icmp.make_spec(PingerShare()), http.make_spec(trust), tcp.make_spec(trust), dns.make_spec(), ntp.make_spec()
