"""Every shipped rule by name: judgement, ``check``, lifecycle and docs/alerts.md read this table."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain

from agent.contract import WindowSpec
from agent.risk.catalogue import daemon, deadlines, devices, links, planned, rooms, servers, services
from agent.risk.rule import Rule
from config.rules import RuleOptions

_FIELDS = (devices, daemon, links, rooms, services, servers, deadlines, planned)

RULES: Mapping[str, Rule] = {rule.name: rule for rule in chain.from_iterable(field.TABLE for field in _FIELDS)}
RULE_OPTIONS: Mapping[str, type[RuleOptions]] = {rule.name: rule.options for rule in RULES.values()}

# What the trend of a file system is drawn from: long enough that a nightly job alone does not make a trend.
WINDOWS: tuple[WindowSpec, ...] = (WindowSpec("node_filesystem_avail_bytes", 6 * 3600.0, 300.0),)
