"""What the daemon finds about itself."""

from __future__ import annotations

from agent.risk.rule import Rule

CHECK_NOT_POSSIBLE = "check_not_possible"
STATE_NOT_WRITTEN = "state_not_written"


TABLE: tuple[Rule, ...] = (
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
)
