"""Check ``host``: this machine, in node_exporter's names."""

from agent.contract import CollectorSpec
from collectors.host.collector import HostParams, build
from collectors.host.families import FAMILIES

SPEC = CollectorSpec("host", HostParams, FAMILIES, build)
