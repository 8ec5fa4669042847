"""What a server says of itself."""

from __future__ import annotations

from pydantic import Field

from agent.risk.rule import BoundOptions, Rule
from config.rules import RuleOptions
from config.units import DAY, Duration, Ratio

FILESYSTEM_FULL = "filesystem_full"
FILESYSTEM_FILLING = "filesystem_filling"
CLOCK_OFFSET = "clock_offset"
CLOCK_UNSYNCHRONISED = "clock_unsynchronised"
UNIT_FAILED = "unit_failed"
RAID_DEGRADED = "raid_degraded"
REBOOT_REQUIRED = "reboot_required"


class FullOptions(RuleOptions):
    """When a file system counts as full."""

    warning: Ratio = Field(0.90, description="Used share from which it is a warning.")
    critical: Ratio = Field(0.95, description="Used share from which it is critical.")


class FillingOptions(RuleOptions):
    """When a file system counts as filling: trend and level together (facts, peers 4.10)."""

    within: Duration = Field(DAY, description="Time to full below which it is reported.")
    below: Ratio = Field(0.40, description="Only where less than this share is still free.")


class ClockOptions(RuleOptions):
    """How far a clock may be off.

    Half a second: lines of two logs are no longer in order, and it is the most that a kernel reports of itself. One
    minute: one-time passwords of 30 s fail (RFC 6238), and a few minutes more end Kerberos, which allows five.
    """

    warning: Duration = Field(0.5, description="Offset from which it is a warning.")
    critical: Duration = Field(60.0, description="Offset from which it is critical.")


TABLE: tuple[Rule, ...] = (
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
        UNIT_FAILED,
        severity="warning",
        meaning=(
            "systemd gave up on a unit. All of a server are one alert; the evidence lists them. Needs node_exporter's "
            "`systemd` collector."
        ),
        runbook=(
            "`systemctl status UNIT` and `journalctl -u UNIT -b`: what did it say last?",
            "A backup or update timer: was the last run complete? Start it again by hand and watch it.",
            "A unit that nobody needs: `systemctl disable --now UNIT`, then `systemctl reset-failed`.",
        ),
        options=BoundOptions,
        norm="BSI OPS.1.1.1.A9",
        select='node_systemd_unit_state{state="failed"}',
    ),
    Rule(
        RAID_DEGRADED,
        severity="critical",
        meaning=(
            "A Linux software RAID (md) runs with fewer disks than it is made of: the next failure may cost the data. "
            "All arrays of a server are one alert; the evidence lists them."
        ),
        runbook=(
            "`cat /proc/mdstat` and `mdadm --detail /dev/mdX`: which disk, and does a spare rebuild already?",
            "Is last night's backup good? Look before anything is pulled.",
            "Identify the disk by its serial number (`smartctl -i`), replace it, `mdadm --add`; watch the rebuild.",
        ),
        norm="BSI OPS.1.1.1.A9",
    ),
    Rule(
        REBOOT_REQUIRED,
        severity="info",
        meaning=(
            "Installed updates take effect after a reboot only. Needs the textfile script of node_exporter's "
            "collection (`apt_info`, `yum_info`)."
        ),
        runbook=(
            "`/run/reboot-required.pkgs` names the packages; a kernel or a C library should not wait for weeks.",
            "Announce it (`alerting.maintenance`), reboot, and look whether all services came back.",
        ),
        hold=3600.0,
        options=BoundOptions,
        norm="BSI OPS.1.1.3.A15",
        select="node_reboot_required",
    ),
    Rule(
        CLOCK_OFFSET,
        severity="warning, critical by the options",
        meaning=(
            "A clock is off: over NTP against the clock of the machine that Ringwacht runs on (`ntp` check), or as the "
            "system itself says against its source of time. Half of the round trip is taken off first, so that a slow "
            "line is no finding. A probe compares two clocks and cannot tell which of them is wrong. Logs lose their "
            "order from half a second on, one-time passwords fail from half a minute, Kerberos logons at five minutes."
        ),
        runbook=(
            "Several devices at once, all in the same direction: look at Ringwacht's own machine first "
            "(`chronyc tracking`, `timedatectl timesync-status`).",
            "Domain controllers: `w32tm /query /status` and `/query /source`. `Local CMOS Clock` means no source at "
            "all; only the PDC emulator is set from outside, all others from the domain.",
            "Virtual machines: is the host's clock right, and do guest tools and NTP both set the guest's?",
            "Step a clock back only with the services stopped that mind (databases, clusters, mail).",
        ),
        hold=300.0,
        options=ClockOptions,
        norm="BSI NET.1.2.A8",
    ),
    Rule(
        CLOCK_UNSYNCHRONISED,
        severity="warning",
        meaning=(
            "The system says that nobody keeps its clock: the kernel's status is unsynchronised and its error estimate "
            "has grown to 16 s. It drifts by seconds a week."
        ),
        runbook=(
            "Is a time service running: `timedatectl`, `systemctl status chrony systemd-timesyncd ntpsec`?",
            "Does it reach its servers: `chronyc sources`, UDP 123 through the firewall?",
            "A guest whose clock the hypervisor sets says so too: accept it there with a reason, or let NTP do it.",
        ),
        hold=600.0,
        norm="BSI NET.1.2.A8",
    ),
)
