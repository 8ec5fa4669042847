"""Who has duty, and whether the calendar that says so can be trusted."""

from __future__ import annotations

from agent.risk.rule import Rule

ON_CALL_GAP = "on_call_gap"
ON_CALL_CALENDAR = "on_call_calendar"


TABLE: tuple[Rule, ...] = (
    Rule(
        ON_CALL_GAP,
        severity="warning while nobody has duty, info where that is so within the next 7 days",
        meaning=(
            "The duty calendar of a receiver names nobody, or only receivers that are absent without a substitute who "
            "is there. Messages go to its `otherwise` meanwhile: nothing is lost, but somebody else is woken."
        ),
        runbook=(
            "The summary says from when on, the evidence until when.",
            "Enter somebody in the calendar: the title of the event is the name of a receiver. It is read again within "
            "`refresh` (15 minutes by default); a reload reads it at once.",
            "`ringwacht alerts route --rule … --at …` shows who would be told at a moment.",
        ),
        hold=0.0,
        norm="BSI DER.2.1.A1",
    ),
    Rule(
        ON_CALL_CALENDAR,
        severity="warning where the calendar cannot be read, info where events name no receiver",
        meaning=(
            "The duty calendar of a receiver cannot be read or is none, or some of its events name no receiver. What "
            "was read last goes on being used, also after a restart; an hour of it is not reported. Where it "
            "never could be read, messages go to `otherwise`. Titles that name no receiver are never quoted."
        ),
        runbook=(
            "The summary quotes the reason; the evidence gives the days of events that name no receiver.",
            "A title must be the name of a receiver, `Vertretung: NAME` or `Abwesend: NAME`; upper and lower case are "
            "the same.",
            "From a URL: does it answer from this machine, without a redirect to another host, below 2 MB?",
        ),
        norm="BSI DER.2.1.A1",
    ),
)
