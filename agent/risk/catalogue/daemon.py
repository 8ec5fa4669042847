"""What the daemon finds about itself."""

from __future__ import annotations

from agent.risk.rule import Rule

CHECK_NOT_POSSIBLE = "check_not_possible"
STATE_NOT_WRITTEN = "state_not_written"
STATE_DAMAGED = "state_damaged"
RECEIVER_FAILING = "receiver_failing"
UPLINK_DOWN = "uplink_down"
RULE_TOO_BROAD = "rule_too_broad"


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
    Rule(
        STATE_DAMAGED,
        severity="critical",
        meaning=(
            "The file of the state store was damaged (torn, truncated, overwritten). It was put aside whole and begun "
            "anew with what could still be read; alerts, acknowledgements, silences or undelivered messages may be "
            "missing. It stands as long as the damaged file lies beside the new one."
        ),
        runbook=(
            "The log of the start says how many rows of each table were saved. Look through the silences and "
            "acknowledgements that you remember, and set anew what is missing.",
            "`dmesg` and `smartctl -a` for the disk, the hypervisor's log for the machine: files do not tear by "
            "themselves.",
            "Then move the `state.sqlite.damaged-…` files away, or delete them; the alert ends within a few minutes.",
        ),
        hold=0.0,
        norm="BSI OPS.1.1.1.A9",
        leads=False,
    ),
    Rule(
        RECEIVER_FAILING,
        severity="critical, warning where its fallback is told instead",
        meaning=(
            "A receiver has not taken its messages for 5 minutes, or refuses them for good (a wrong password, an "
            "account that is gone). What it may still take is tried on; nothing is lost."
        ),
        runbook=(
            "The evidence quotes what went wrong last; `ringwacht alerts test --receiver NAME --as ROLE` says it "
            "for each of its services.",
            "Refused for good: correct `alerting.receivers` and reload. It stands until a message has been taken, or "
            "the configuration is loaded anew.",
            "No `fallback`: give it one that takes another way; otherwise nobody hears of anything meanwhile.",
        ),
        hold=0.0,
        norm="BSI OPS.1.1.1.A9",
    ),
    Rule(
        UPLINK_DOWN,
        severity="critical",
        meaning=(
            "The gateway and the references of `uplink:` do not answer: it is this daemon that is cut off. "
            "Everything else is unknown, and no alert about it opens or ends; only what answers at the daemon's own "
            "site is judged by its answer. Once the connection is back each verdict waits for a fresh poll."
        ),
        runbook=(
            "Look at this machine first: cable, switch port, VLAN, `ip route`, `ping` to the gateway.",
            "The evidence says that other sites answer: then the gateway only refuses ping. Let it answer this "
            "machine, or name `references:` that do; until then nothing is judged.",
            "A cut of the site is seen from elsewhere: the dead man's switch (`alerting.heartbeat`) or a second daemon "
            "at another site.",
        ),
        norm="BSI OPS.1.1.1.A9",
    ),
    Rule(
        RULE_TOO_BROAD,
        severity="warning",
        meaning=(
            "A rule selects more series than it may (50,000; 10,000 with `changed`), or finds more than 200 subjects "
            "at once. The series and subjects within the limit are judged; of the others no alert opens or ends."
        ),
        runbook=(
            "The summary gives rule and counts, the evidence its selector.",
            "Select less: name a family, add `site=` or `device=~`, leave out what is idle by nature.",
            "Hundreds of subjects at once: is the bound right, or has something happened that has one cause?",
        ),
    ),
)
