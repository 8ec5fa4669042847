"""Does a declared service do its work?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from agent.contract import Finding, FindingKey, JobState, Severity, Subject
from agent.risk.catalogue.services import SERVICE_FAILING
from agent.risk.heartbeats import heartbeat_state
from agent.risk.plugins import told_state
from agent.risk.reachability import DeviceState, confirmed_down, device_state
from agent.risk.rules import RULES
from agent.risk.sight import Outcome, Sight
from agent.risk.texts import Words
from config.inventory import Service

PROBE_SUCCESS = "probe_success"
PROBE_FAILURE = "probe_failure"  # a fact: what of the answer is wrong, in words
HTTP_STATUS = "probe_http_status_code"


def judge_services(sight: Sight) -> Iterator[Outcome]:
    """Yield ``service_failing`` where poll and confirmation failed, or the probe itself says so."""
    probed = sight.by_subject(PROBE_SUCCESS)
    for name, service in sight.inventory.services.items():
        subject = Subject("service", name)
        jobs = sight.jobs.get(subject, ())
        down = [job for job in jobs if confirmed_down(job)]
        if down:
            yield _failing(sight, subject, service, _why(sight.words, down))
        elif any(series.value == 0 for series in probed.get(subject, ())):
            yield _failing(sight, subject, service, _what_is_wrong(jobs) or sight.words.say("answer_wrong"))
        elif any(job.up is not True for job in jobs):
            yield FindingKey(SERVICE_FAILING, subject)


def service_state(sight: Sight, subject: Subject) -> DeviceState:
    """Tell a service's state from its checks; ``down`` as well where the probe itself says that the answer is wrong."""
    jobs = sight.jobs.get(subject, ())
    state = device_state(jobs)
    if state.state == "up" and any(series.value == 0 for series in sight.view.series(PROBE_SUCCESS, subject)):
        detail = _what_is_wrong(jobs) or sight.words.say("answer_wrong")
        return replace(state, state="down", detail=detail, since=None)
    if state.state != "up":
        return state
    told = told_state(sight, subject)
    return heartbeat_state(sight, subject, state) if told is None else replace(state, state=told, since=None)


def _failing(sight: Sight, subject: Subject, service: Service, why: str) -> Finding:
    words = sight.words
    # 0 is blackbox_exporter's word for "no answer at all"
    codes = [words.figure(series.value) for series in sight.view.series(HTTP_STATUS, subject) if series.value > 0]
    told = ", ".join([why, *(words.say("status", value=code) for code in codes if code not in why)])
    summary = words.say("service", name=service.name or subject.id, why=told)
    severity = Severity.CRITICAL if service.critical else Severity.WARNING
    evidence = (service.url,) if service.url else ()
    norm = RULES[SERVICE_FAILING].norm
    return Finding(SERVICE_FAILING, subject, severity, summary, evidence, norm=norm, site=service.site)


def _what_is_wrong(jobs: Iterable[JobState]) -> str:
    """What the probe itself says of an answer that is not as expected."""
    harvests = (job.reading.harvest for job in jobs if job.reading is not None)
    return ", ".join(harvest.facts[PROBE_FAILURE] for harvest in harvests if harvest and PROBE_FAILURE in harvest.facts)


def _why(words: Words, down: list[JobState]) -> str:
    """The reason in words, with the detail where there is one."""
    reasons = ((words.reason(job.reason), job.detail) for job in down)
    return ", ".join(f"{reason}: {detail}" if detail else reason for reason, detail in reasons)
