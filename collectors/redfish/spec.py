"""How a controller is configured and built."""

from __future__ import annotations

from functools import partial

from agent.contract import Collector, CollectorSpec, ParamError, Target, Wire
from agent.wire.trust import TrustShare
from collectors.redfish.collector import RedfishCollector
from collectors.redfish.door import Doorkeeper
from collectors.redfish.limits import LEAST_INTERVAL_SECONDS, LONGEST_FAREWELL_SECONDS, LONGEST_POLL_SECONDS
from collectors.redfish.params import RedfishParams
from collectors.redfish.parse import FAMILIES
from config.credentials import Credential


def make_spec() -> CollectorSpec:
    """Return the ``redfish`` kind; its collectors share authorities."""
    return CollectorSpec(
        kind="redfish",
        params=RedfishParams,
        families=FAMILIES,
        build=partial(_build, TrustShare()),
        least_interval_seconds=LEAST_INTERVAL_SECONDS,
        longest_poll_seconds=LONGEST_POLL_SECONDS,
        longest_farewell_seconds=LONGEST_FAREWELL_SECONDS,
    )


def _build(share: TrustShare, target: Target, params: RedfishParams, wire: Wire) -> Collector:
    credential: Credential | None = target.credential
    if credential is None or credential.http is None:
        raise ParamError("credential", "a redfish check needs a credential with an `http` part (user and password)")
    return RedfishCollector(target, credential.http, Doorkeeper(target, params, share), wire)
