"""Check ``nut``: a UPS that a server of Network UPS Tools serves (RFC 9271)."""

from agent.contract import CollectorSpec
from collectors.nut.collector import KIND, build
from collectors.nut.params import NutParams
from collectors.nut.parse import FAMILIES

SPEC = CollectorSpec(KIND, NutParams, FAMILIES, build)
