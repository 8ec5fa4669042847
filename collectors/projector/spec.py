"""How it is configured and built."""

from __future__ import annotations

from agent.contract import Collector, CollectorSpec, ParamError, Target, Wire
from collectors.projector.collector import ProjectorCollector
from collectors.projector.parse import FAMILIES
from config.schools import Projector


def make_spec() -> CollectorSpec:
    """Return the ``projector`` kind."""
    return CollectorSpec("projector", Projector, FAMILIES, _build)


def _build(target: Target, params: Projector, wire: Wire) -> Collector:
    if target.host is None or target.port is None:
        raise ParamError("address", "a projector needs a host")
    return ProjectorCollector(target.host, target.port, params, target, wire)
