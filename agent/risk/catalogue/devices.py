"""Does a device answer?"""

from __future__ import annotations

from agent.risk.rule import Rule

DEVICE_UNREACHABLE = "device_unreachable"
CREDENTIALS_REFUSED = "credentials_refused"
PROBE_FAILING = "probe_failing"
READING_INCOMPLETE = "reading_incomplete"


TABLE: tuple[Rule, ...] = (
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
        PROBE_FAILING,
        severity="warning",
        meaning=(
            "A device answers a check of kind http, tcp, dns or ntp, but not as expected: a wrong status or record, a "
            "missing text, an untrusted certificate, a clock that nobody sets. Where it does not answer at all, that "
            "is `device_unreachable`; of services the same is `service_failing`."
        ),
        runbook=(
            "The summary says what is wrong with the answer; `ringwacht collect PATH DEVICE --debug` shows one anew.",
            "dns: was the zone or a forwarder changed, and do the other name servers say the same (`dig @SERVER`)?",
            "ntp: does the server reach its own source (`chronyc sources`, `w32tm /query /status`), does its firewall "
            "let UDP 123 out? `kiss-o'-death RATE`: it is asked too often, raise `interval`.",
            "Is what is expected still right? Change it in the inventory.",
        ),
        norm="BSI OPS.1.1.1.A9",
    ),
    Rule(
        READING_INCOMPLETE,
        severity="info",
        meaning=(
            "A check succeeds and brings only a part of what it should; the evidence says what is missing. What is "
            "there is judged as always. What is not there is unknown: alerts that need it neither open nor end."
        ),
        runbook=(
            "`ringwacht collect PATH DEVICE --debug` shows one poll with its remarks; `ringwacht_partial` counts them.",
            "`max_series … reached`: raise the check's `max_series`, or keep fewer families with `preset` and `allow`.",
            "`failed in the exporter: NAME`: its log says why that collector failed; mend it or switch it off there.",
            "`… series left out`: the page has names or labels that cannot be exported, or a series twice. Name and "
            "line of the first one follow: tell whoever maintains that exporter or textfile.",
            "`none of the page's … series is asked for`: `preset` and `allow` fit another exporter than this.",
            "`filesystem PATH`: its server does not answer, or the mount is broken: `stat -f PATH` on the machine.",
            "`… cannot be read any more` (sensors, power supply): a driver or device is gone since an earlier poll.",
            "An SNMP module, subtree or column: does the device's view or access list show all of it, is its answer "
            "correct (`does not increase` is a fault of the agent), is the check's time enough for it?",
            "`… items of performance data cannot be read`: the plug-in's output, quoted, is not as the guidelines say.",
            "It stays so for good reason: accept it with a day (`alerting.accept`).",
        ),
        hold=600.0,
    ),
)
