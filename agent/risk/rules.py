"""Every shipped rule by name: judgement, ``check``, lifecycle and docs/alerts.md read this table."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain

from agent.contract import WindowSpec
from agent.risk.catalogue import (
    configs,
    contracts,
    daemon,
    deadlines,
    devices,
    equipment,
    fleets,
    functions,
    hardware,
    heartbeats,
    licences,
    links,
    neighbours,
    network,
    norms,
    oncall,
    overheating,
    power,
    radio,
    register,
    rooms,
    servers,
    services,
    sites,
    usage,
)
from agent.risk.hop.availability import COUNTER_WINDOWS
from agent.risk.hop.history import LEVEL_WINDOWS
from agent.risk.rule import Rule
from agent.risk.ups.windows import UPS_WINDOWS
from agent.risk.usage.ends import HISTORY_SECONDS, IN_OCTETS, OUT_OCTETS
from agent.risk.usage.rates import STEP_SECONDS
from config.rules import RuleOptions

_FIELDS = (
    devices,
    daemon,
    links,
    power,
    rooms,
    overheating,
    hardware,
    functions,
    services,
    heartbeats,
    servers,
    sites,
    usage,
    deadlines,
    network,
    neighbours,
    radio,
    oncall,
    norms,
    equipment,
    fleets,
    register,
    licences,
    contracts,
    configs,
)

RULES: Mapping[str, Rule] = {rule.name: rule for rule in chain.from_iterable(field.TABLE for field in _FIELDS)}
RULE_OPTIONS: Mapping[str, type[RuleOptions]] = {rule.name: rule.options for rule in RULES.values()}

# What the trend of a file system is drawn from: long enough that a nightly job alone does not make a trend.
WINDOWS: tuple[WindowSpec, ...] = (
    WindowSpec("node_filesystem_avail_bytes", 6 * 3600.0, 300.0),
    WindowSpec(IN_OCTETS, HISTORY_SECONDS, STEP_SECONDS, ends_only=True),
    WindowSpec(OUT_OCTETS, HISTORY_SECONDS, STEP_SECONDS, ends_only=True),
    *LEVEL_WINDOWS,
    *COUNTER_WINDOWS,
    *UPS_WINDOWS,
)
