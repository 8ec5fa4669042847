"""The declared network against what its devices see."""

from __future__ import annotations

from agent.risk.rule import Rule

DECLARED_NOT_SEEN = "declared_not_seen"
SEEN_NOT_DECLARED = "seen_not_declared"
WRONG_PORT = "wrong_port"

# Neighbours are read each hour or so: what was plugged anew is read anew before anybody is told.
_HOLD_SECONDS = 7200.0
_WHO_IS_RIGHT = (
    "Look who is right: `GET /api/v1/neighbours` lists what every device shows at which port, `ends` of the link "
    "says what is declared. Ringwacht never changes the inventory by itself."
)

TABLE: tuple[Rule, ...] = (
    Rule(
        DECLARED_NOT_SEEN,
        severity="info",
        meaning=(
            "A declared fibre, copper or radio link carries, both its devices show neighbours by LLDP, yet neither "
            "shows the other. Perhaps it runs elsewhere than declared: then ways are counted that do not exist. Not "
            "judged: leased, mobile and VPN links, radios that show no other radio through the air, links that were "
            "down in the last 90 minutes."
        ),
        runbook=(
            _WHO_IS_RIGHT,
            "Is LLDP switched on at both ports, for sending and for receiving?",
            "Does a converter or a provider's device between them keep LLDP for itself? Then accept the finding under "
            "`alerting.accept` with a date and a reason.",
        ),
        hold=_HOLD_SECONDS,
        leads=False,
    ),
    Rule(
        SEEN_NOT_DECLARED,
        severity="info",
        meaning=(
            "A device sees, by LLDP, a device of another site, and no declared way explains it: no link between them "
            "at these ports, nor one whose ends pass LLDP on, as radios do. A way that is not declared does not count "
            "as one, and may close a loop that nobody knows of."
        ),
        runbook=(
            _WHO_IS_RIGHT,
            "Declare the link, with its shared risks, if it is meant to be there.",
            "Is it a cable that was plugged in to help out? Note who needs it, and take it out: it may lead past the "
            "firewall.",
        ),
        hold=_HOLD_SECONDS,
        leads=False,
    ),
    Rule(
        WRONG_PORT,
        severity="warning",
        meaning=(
            "The two devices of a declared link see each other by LLDP, but at other ports than declared. The declared "
            "port is the one that is watched: when the link fails, nobody would be told, and its load and errors are "
            "those of another."
        ),
        runbook=(
            _WHO_IS_RIGHT,
            "Correct `ends` of the link, or the patching. After the exchange of a device look at all its links.",
        ),
        hold=_HOLD_SECONDS,
        leads=False,
    ),
)
