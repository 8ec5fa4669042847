"""Series that boards ask for again and again, worked out once: level:metric:operation.

Source of the names: Prometheus, "Recording rules", Naming and aggregation.
"""

from __future__ import annotations

from agent.families import FINDING, HEARTBEAT_GOOD, PLUGIN_STATUS, UP
from agent.figures import LINK_CONTRACTED, LINK_DELIVERED, PARTNER_RENTED, PARTNER_USAGE_P95
from agent.risk.catalogue.heartbeats import HEARTBEAT_MISSING, HEARTBEAT_OVERDUE
from exporters.rules.parts import RecordingRule

_SERVER = "by (instance, site)"
_PORT = "by (device, site, ifName, ifAlias)"
_SPEED = f"(max {_PORT} (ifHighSpeed > 0) * 1e6)"
_OF_SITES = f'{UP.name}{{check="icmp", device="", link="", service="", uplink="", site!=""}}'
_OF_SERVICES = 'service!=""'
# A plug-in's warning still counts as working; the label tells it apart, since of two equal series `or` keeps one.
_BY_PLUGIN = f'label_replace({PLUGIN_STATUS.name}{{{_OF_SERVICES}}} < bool 2, "check", "plugin_status", "", "")'
# Of a job that reports by itself a poll says only that its state can be read. It works while its last end was good and
# nothing is found of it.
_ANSWERS = f'{UP.name}{{{_OF_SERVICES}, check!="heartbeat"}}'
_BY_ITSELF = f'label_replace({HEARTBEAT_GOOD.name}, "check", "heartbeat_succeeded", "", "")'
_LATE = f'{FINDING.name}{{rule=~"{HEARTBEAT_MISSING}|{HEARTBEAT_OVERDUE}"}}'
_IN_TIME = f'0 * label_replace({_LATE}, "service", "$1", "subject", "service:(.+)")'
_WORKS = f"probe_success{{{_OF_SERVICES}}} or {_ANSWERS} or {_BY_PLUGIN} or {_BY_ITSELF} or {_IN_TIME}"
_SLOWER = f"min by (link) ({LINK_CONTRACTED.name})"

_SITE_UP, _SERVICE_UP = "site:ringwacht_up:max", "service:ringwacht_works:min"

RECORDED: tuple[RecordingRule, ...] = (
    RecordingRule(
        "instance:node_cpu_busy:ratio_rate5m",
        f'1 - avg {_SERVER} (rate(node_cpu_seconds_total{{mode="idle"}}[5m]))',
    ),
    RecordingRule("instance:node_memory_used:ratio", "1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes"),
    RecordingRule(
        "instance_mountpoint:node_filesystem_used:ratio", "1 - node_filesystem_avail_bytes / node_filesystem_size_bytes"
    ),
    RecordingRule("device_port:if_in:ratio_rate5m", f"sum {_PORT} (rate(ifHCInOctets[5m])) * 8 / {_SPEED}"),
    RecordingRule("device_port:if_out:ratio_rate5m", f"sum {_PORT} (rate(ifHCOutOctets[5m])) * 8 / {_SPEED}"),
    RecordingRule(_SITE_UP, f"max by (site) ({_OF_SITES})"),
    RecordingRule("site:ringwacht_up:max_avg1d", f"avg_over_time({_SITE_UP}[1d])"),
    RecordingRule(_SERVICE_UP, f"min by (service) ({_WORKS})"),
    RecordingRule("service:ringwacht_works:min_avg1d", f"avg_over_time({_SERVICE_UP}[1d])"),
    RecordingRule(
        "partner:ringwacht_partner_usage_p95:ratio",
        f"max by (partner) ({PARTNER_USAGE_P95.name}) / max by (partner) ({PARTNER_RENTED.name})",
    ),
    RecordingRule("link:ringwacht_link_delivered:ratio", f"max by (link) ({LINK_DELIVERED.name}) / {_SLOWER}"),
)
