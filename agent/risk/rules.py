"""Every shipped rule, declared once: judgement, ``check``, lifecycle and docs/alerts.md read this table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from pydantic import Field

from agent.contract import WindowSpec
from config.rules import RuleOptions
from config.settings import Settings
from config.units import DAY, Duration, Ratio

Options = TypeVar("Options", bound=RuleOptions)

DEVICE_UNREACHABLE = "device_unreachable"
CREDENTIALS_REFUSED = "credentials_refused"
CHECK_NOT_POSSIBLE = "check_not_possible"
STATE_NOT_WRITTEN = "state_not_written"
LINK_DOWN = "link_down"
LINK_END_MISSING = "link_end_missing"
UPS_ON_BATTERY = "ups_on_battery"
TEMPERATURE_HIGH = "temperature_high"
HUMIDITY_OUT_OF_RANGE = "humidity_out_of_range"
LEAK = "leak"
SMOKE = "smoke"
SERVICE_FAILING = "service_failing"
CERTIFICATE_EXPIRING = "certificate_expiring"
FILESYSTEM_FULL = "filesystem_full"
FILESYSTEM_FILLING = "filesystem_filling"


class CertificateOptions(RuleOptions):
    """When an expiring certificate is reported."""

    warning: Duration = Field(21 * DAY, description="Time left below which it is a warning.")
    critical: Duration = Field(7 * DAY, description="Time left below which it is critical.")


class FullOptions(RuleOptions):
    """When a file system counts as full."""

    warning: Ratio = Field(0.90, description="Used share from which it is a warning.")
    critical: Ratio = Field(0.95, description="Used share from which it is critical.")


class FillingOptions(RuleOptions):
    """When a file system counts as filling: trend and level together (facts, peers 4.10)."""

    within: Duration = Field(DAY, description="Time to full below which it is reported.")
    below: Ratio = Field(0.40, description="Only where less than this share is still free.")


@dataclass(frozen=True, slots=True)
class Rule:
    """One shipped rule. ``hold`` and ``clear`` (seconds) of None follow ``alerting.hold`` by severity and ``clear``."""

    name: str
    severity: str
    meaning: str
    runbook: tuple[str, ...]
    hold: float | None = None
    clear: float | None = None
    options: type[RuleOptions] = RuleOptions
    norm: str | None = None
    planned: bool = False


_TABLE: tuple[Rule, ...] = (
    Rule(
        DEVICE_UNREACHABLE,
        severity="critical if nothing of the device answers, warning if only some of its checks fail",
        meaning=(
            "A poll of the device failed and so did its confirmation one second later. Where ping or another check "
            "still answers, the summary says which one does and which one does not."
        ),
        runbook=(
            "Look at the other alerts first: is a link, a ring or the power of the same site gone? Then go there.",
            "Ping the device and its gateway from another place than this server, to tell the device from the way.",
            "`ringwacht collect PATH DEVICE --debug` shows one poll with each packet and what came back.",
            "Answers ping but not snmp: is the agent running, does its access list hold this server, is UDP 161 open?",
            "`refused` means that the host is there and the service is not; `no answer` more often is a filter.",
            "On site: link lights, power supply, console. Note when it stopped: `since` in `/api/v1/devices`.",
        ),
        norm="BSI NET.1.2.A26",
    ),
    Rule(
        CREDENTIALS_REFUSED,
        severity="warning",
        meaning="The device answers and refuses our credentials. It is reachable, but its values are not read.",
        runbook=(
            "Was the password, community or SNMPv3 user changed on the device? Put the new one into the secret file "
            "and reload (`systemctl reload ringwacht`).",
            "Does the device use the same authentication and privacy protocols as `credentials:` says?",
            "Several devices at once with one credential: the secret file was changed or holds a stray newline.",
            "A single device after a factory reset or replacement: it still has the maker's default accounts.",
        ),
    ),
    Rule(
        CHECK_NOT_POSSIBLE,
        severity="warning",
        meaning=(
            "This daemon itself cannot perform a check, e.g. because the kernel forbids ICMP. It says nothing about "
            "the devices: for that check they are unknown, not healthy. Other checks go on."
        ),
        runbook=(
            "The summary quotes the reason and the number of checks concerned; the evidence lists them.",
            "ICMP not permitted: `sysctl net.ipv4.ping_group_range` must include the service's group, or the unit "
            "needs `AmbientCapabilities=CAP_NET_RAW`.",
            "`internal error`: a fault of Ringwacht. Restart, keep the log, and report it.",
        ),
        norm="BSI OPS.1.1.1.A9",
    ),
    Rule(
        STATE_NOT_WRITTEN,
        severity="warning",
        meaning=(
            "The state store cannot be written, e.g. because the disk is full. Alerts go on from memory and are "
            "delivered; what is decided meanwhile is lost if the daemon ends before it could be written."
        ),
        runbook=(
            "`df -h` and `df -i` of the state directory; make room. The daemon writes what it owes by itself.",
            "`dmesg` for errors of the disk, `mount` for a file system that went read-only.",
            "Do not restart the daemon before the disk is writable again.",
        ),
        norm="BSI OPS.1.1.1.A9",
    ),
    Rule(
        LINK_DOWN,
        severity="warning for members of a ring and for standby links, critical otherwise",
        meaning=(
            "An end of a declared link says that it is down, or its probe does not answer. A radio's own state "
            "outranks that of its Ethernet port; a port that was switched off on purpose is not reported."
        ),
        runbook=(
            "The evidence says which end reports what. One end only: suspect the port, cable or module at that end.",
            "Radio: look at the received level of both ends before it went, and at the weather radar. A slow fade is "
            "rain or ice; a sudden end is power, a mast, a crane or a cable.",
            "Is the ring still closed the other way? Then there is time: no second work on the ring until it is back.",
            "Leased line: call the provider with the circuit number of the link and note the ticket.",
            "Fibre: look for digging along the route; measure with the OTDR before calling.",
        ),
        norm="BSI NET.1.2.A26",
    ),
    Rule(
        LINK_END_MISSING,
        severity="warning",
        meaning=(
            "A declared link names a port that its device does not have, so that nobody would notice when the link "
            "fails. The device itself answers."
        ),
        runbook=(
            "Compare the link's `ends` in the inventory with the port's ifName: `ringwacht collect PATH DEVICE snmp`.",
            "After the exchange of a device or an update of its software ports are often named anew.",
        ),
        hold=600.0,
    ),
    Rule(
        UPS_ON_BATTERY,
        severity="warning; critical once the runtime is below the room's `shutdown_time`",
        meaning="The UPS feeds its load from the battery: the mains is gone or out of range.",
        runbook=(
            "The summary gives charge and runtime. Compare the runtime with the room's shutdown time.",
            "Is the building dark or only the room? Fuse and residual-current device first, then the grid operator's "
            "outage page.",
            "Runtime near the shutdown time: shut down in the agreed order, storage last.",
            "After the mains is back: does the battery charge, and did every UPS leave battery operation?",
        ),
        hold=60.0,
        norm="BSI INF.2.A3",
    ),
    Rule(
        TEMPERATURE_HIGH,
        severity="by the room's `limits.temperature`: warning, critical",
        meaning="A sensor of the room is above the room's limit. Rooms without limits are not judged.",
        runbook=(
            "One sensor or all? One: a blocked air path or a device's own heat. All: the cooling.",
            "Is the cooling unit running, its filter clear, its condensate drained, its outdoor unit free?",
            "Open the doors, bring fans, switch off what is not needed (test systems first).",
            "At the critical limit: shut down in the agreed order before the devices do so by themselves.",
        ),
        norm="BSI INF.2.A16",
    ),
    Rule(
        HUMIDITY_OUT_OF_RANGE,
        severity="warning",
        meaning="Relative humidity in the room is below or above `limits.humidity`.",
        runbook=(
            "Too high: water, an open window, a failed dehumidifier; look for condensation on cold pipes.",
            "Too low: mind static discharge; touch nothing in the rack without a wrist strap.",
            "Compare with a hand-held meter before the sensor is believed for days.",
        ),
        norm="BSI INF.2.A5",
    ),
    Rule(
        LEAK,
        severity="critical",
        meaning="A sensor detects water in the room.",
        runbook=(
            "Go there now. Do not step into water near live equipment; switch the room off if it rises.",
            "Usual sources: condensate of the cooling unit, pipes above, the roof. Close the valve.",
            "Caretaker and, out of hours, the emergency number of building services.",
        ),
        hold=0.0,
        norm="BSI INF.2.A11",
    ),
    Rule(
        SMOKE,
        severity="critical",
        meaning="A sensor detects smoke in the room. This is no fire alarm system and does not replace one.",
        runbook=(
            "Call 112 if nobody on site can rule out a fire at once. Nobody enters alone.",
            "Switch off the power of the room from outside if it is safe to do so.",
            "False alarm: dust from building works is the usual cause; clean or change the sensor.",
        ),
        hold=0.0,
        norm="BSI INF.2.A17",
    ),
    Rule(
        SERVICE_FAILING,
        severity="critical for services with `critical: true`, warning otherwise",
        meaning="A declared service failed a check and its confirmation: no answer, a wrong status, a missing text.",
        runbook=(
            "Open the address in a browser from the office and from a mobile phone: here, outside, or both?",
            "The summary quotes the reason. A status of 5xx: the application; a time-out: the server or the way to it; "
            "a TLS error: the certificate.",
            "Was there a change or an update window? If the service is bought: the contract names the hotline.",
            "Tell the service desk before it tells you.",
        ),
        norm="BSI OPS.1.1.1.A9",
    ),
    Rule(
        CERTIFICATE_EXPIRING,
        severity="warning, critical by the options",
        meaning="The first certificate of the service's chain that runs out does so soon, or already has.",
        runbook=(
            "Who renews it: an ACME client, building services, the provider? Look whether the last renewal failed.",
            "Renew, reload the server, and look at the chain that it really sends: an intermediate may be the old one.",
            "Load balancers and proxies keep a copy of their own.",
        ),
        options=CertificateOptions,
    ),
    Rule(
        FILESYSTEM_FULL,
        severity="warning, critical by the options",
        meaning="A file system is used beyond the limit. All of a device are one alert; the evidence lists them.",
        runbook=(
            "`df -h` and `du -xh --max-depth=1 / | sort -h`: logs, old kernels, core dumps, backups on the wrong disk.",
            "A file that is deleted and still open holds its space: `lsof +L1`.",
            "Database volumes: never delete files by hand, extend the volume.",
        ),
        options=FullOptions,
        norm="BSI OPS.1.1.1.A9",
    ),
    Rule(
        FILESYSTEM_FILLING,
        severity="warning",
        meaning=(
            "At the pace of the last hours a file system will be full soon, and little is left. Not judged until "
            "there is enough history."
        ),
        runbook=(
            "What grows? Compare `du` now and in ten minutes; look for a log that repeats one line.",
            "A nightly backup or import that always looks like this: raise `hold` or lower `below` for the rule.",
            "Otherwise make room before the time that the summary gives.",
        ),
        options=FillingOptions,
        norm="BSI OPS.1.1.1.A9",
    ),
    Rule(
        "redundancy_lost",
        severity="warning",
        meaning="A site has fewer ways left than it requires.",
        runbook=("Repair the first failure before a second one cuts the site off.",),
        norm="BSI NET.1.1.A28",
        planned=True,
    ),
    Rule(
        "single_point_of_failure",
        severity="info",
        meaning="One failure would cut a site off although all is well now.",
        runbook=("Plan a second way, or accept the risk under `alerting.accept` with a date and a reason.",),
        norm="BSI NET.1.1.A28",
        planned=True,
    ),
)

RULES: Mapping[str, Rule] = {rule.name: rule for rule in _TABLE}
RULE_OPTIONS: Mapping[str, type[RuleOptions]] = {rule.name: rule.options for rule in _TABLE}

# What the trend of a file system is drawn from: long enough that a nightly job alone does not make a trend.
WINDOWS: tuple[WindowSpec, ...] = (WindowSpec("node_filesystem_avail_bytes", 6 * 3600.0, 300.0),)


def options_of(settings: Settings, rule: str, model: type[Options]) -> Options:
    """Return the rule's options as configured, or the defaults."""
    given = settings.alerting.rules.get(rule)
    return given if isinstance(given, model) else model.model_validate({})
