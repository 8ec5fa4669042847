"""The rule file as Prometheus reads it: YAML, the same for the same configuration. Pure."""

from __future__ import annotations

import yaml

from config.inventory import Inventory
from config.settings import Settings
from exporters.rules.alerts import about_findings, about_thresholds
from exporters.rules.daemon import about_daemon
from exporters.rules.office import Office
from exporters.rules.parts import Group
from exporters.rules.recording import RECORDED

# A look at what was decided costs next to nothing, and is what everybody waits for.
LOOK_SECONDS = 15.0
_UNFOLDED = 100_000  # an expression is read, searched for and copied as one line

_HEAD = """\
# Alerting and recording rules for Prometheus, written by `ringwacht rules` from the configuration; do not edit.
# Write it anew after each change of the configuration, check it with `promtool check rules`, and reload Prometheus.
# Needs Prometheus 2.42 (keep_firing_for) and a scrape job `ringwacht` with `honor_labels: true`.
# What follows from another fault bears its subject as `cause`, and leads="false": config/examples/alertmanager.yml.
"""


def render(inventory: Inventory, settings: Settings) -> str:
    """Return the text of the file."""
    office = Office.of(inventory, settings)
    groups = (
        Group("ringwacht-daemon", tuple(about_daemon(office)), LOOK_SECONDS),
        Group("ringwacht-findings", tuple(about_findings(office)), LOOK_SECONDS),
        Group("ringwacht-thresholds", tuple(about_thresholds(office)), LOOK_SECONDS),
        Group("ringwacht-recorded", RECORDED),
    )
    body = {"groups": [group.body() for group in groups if group.rules]}
    return _HEAD + yaml.safe_dump(body, sort_keys=False, allow_unicode=True, width=_UNFOLDED)
