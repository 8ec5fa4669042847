"""The six probes, with what they share: authorities' certificates, ping sockets, and the line that is measured."""

from __future__ import annotations

from agent.contract import CollectorSpec
from agent.wire.trust import TrustShare
from collectors.probe import dns, http, icmp, ntp, tcp, throughput
from collectors.probe.pinger import PingerShare


def make_specs() -> tuple[CollectorSpec, ...]:
    """Return the specs of all probes; each call's collectors share their own."""
    trust = TrustShare()
    own = (ntp.make_spec(), throughput.make_spec(trust))
    return icmp.make_spec(PingerShare()), http.make_spec(trust), tcp.make_spec(trust), dns.make_spec(trust), *own
