"""Where a leg of a critical function stands now, why, and what took it down. What is not fresh is not up."""

from __future__ import annotations

from typing import NamedTuple

from agent import neutral
from agent.contract import JobState, Leg, MetricFamily, Subject
from agent.risk.backups import said_of, verdict_of
from agent.risk.dependencies import subject_named
from agent.risk.heartbeats import Job, job_of
from agent.risk.network.picture import Picture
from agent.risk.network.wishes import jobs_of_link
from agent.risk.reachability import CONFIRMED, OURS, DeviceState, device_state
from agent.risk.services import service_state
from agent.risk.sight import Sight
from agent.risk.sizes import SizeVerdict
from config.heartbeats import Heartbeat

ALIVE = frozenset({"up", "degraded"})

# A backup that is late is still one; after so many times `every` nobody would want to go back to it.
WORTHLESS_AFTER = 3


class Stand(NamedTuple):
    """A leg; ``cause``: what took it down, as far as it is down. ``asking``: whether that is not told yet.

    ``awaited``: nothing is known of it, and it is not to blame: a poll or report is to come, or was not possible.
    """

    leg: Leg
    cause: Subject | None = None
    asking: bool = False
    awaited: bool = False

    @property
    def alive(self) -> bool | None:
        """Whether it can be used; None where that is not known."""
        return None if self.leg.state == "unknown" else self.leg.state in ALIVE


def stand_of(sight: Sight, picture: Picture, name: str, *, spare: bool) -> Stand:
    """Return where the leg of that name stands; ``spare``: whether it stands by."""
    subject = subject_named(sight.inventory, name)
    leg = _LEGS[subject.kind](sight, subject)
    if spare and leg.state == "degraded" and _cannot_take_over(sight, subject):
        leg = leg._replace(state="down")
    dark = _dark_site(sight, picture, leg)
    if dark is not None:
        why = sight.words.say("leg_cut_off", site=picture.names.site(dark))
        return Stand(Leg(subject, "down", why), Subject("site", picture.leader.get(dark, dark)))
    if leg.state == "up":
        return Stand(leg)
    return Stand(leg, subject, _is_asking(sight, picture, subject), leg.state == "unknown" and _is_awaited(sight, leg))


def sites_of(sight: Sight, subject: Subject) -> tuple[str, ...]:
    """Return where a leg stands: one site, both ends of a link, or none."""
    inventory = sight.inventory
    if subject.kind == "link":
        return tuple(end.site for end in inventory.links[subject.id].ends)
    site = inventory.devices[subject.id].site if subject.kind == "device" else inventory.services[subject.id].site
    return () if site is None else (site,)


def _dark_site(sight: Sight, picture: Picture, leg: Leg) -> str | None:
    """Return the site that is cut off and takes the leg along.

    A link says for itself whether it carries, and whoever answers is there, whatever the graph says of the way.
    """
    sites = sites_of(sight, leg.subject)
    if leg.subject.kind != "link":
        dark = next((site for site in sites if site in picture.leader), None)
        if dark is not None:
            return dark
    if leg.state != "unknown":
        return None
    verdicts = ((site, sight.network.sites.get(site)) for site in sites if site != picture.declared.home)
    return next((site for site, one in verdicts if one is not None and one.state == "isolated"), None)


def _is_asking(sight: Sight, picture: Picture, subject: Subject) -> bool:
    """Whether the alert about what took it down waits for others to be asked first."""
    if subject.kind == "link":
        return subject.id in picture.waiting
    return any(
        site in picture.darkness.asked or site in picture.darkness.converging for site in sites_of(sight, subject)
    )


def _is_awaited(sight: Sight, leg: Leg) -> bool:
    """Whether a poll is to come, was not confirmed, or says nothing of it.

    So it is while this daemon is cut off, and where it cannot poll: that has an alert of its own. A job that has not
    reported yet is not due yet.
    """
    subject = leg.subject
    link = sight.inventory.links.get(subject.id) if subject.kind == "link" else None
    jobs = sight.jobs.get(subject, ()) if link is None else tuple(jobs_of_link(sight, subject.id, link))
    if subject.kind == "service" and sight.inventory.services[subject.id].heartbeat is not None:
        return bool(jobs)
    return any(_says_nothing(job) for job in jobs)


def _says_nothing(job: JobState) -> bool:
    return job.reason in OURS or (job.up is None and job.reason is None) or 0 < job.failures < CONFIRMED


def _link(sight: Sight, subject: Subject) -> Leg:
    """A link that its ring holds back, or that stands by, and is up: it would carry."""
    verdict = sight.network.links.get(subject.id)
    if verdict is None:
        return Leg(subject, "unknown", sight.words.say("leg_unasked"))
    return Leg(subject, verdict.state.state, "" if verdict.state.state == "up" else verdict.state.reason)


def _device(sight: Sight, subject: Subject) -> Leg:
    jobs = sight.jobs.get(subject, ())
    known = device_state(jobs)
    if known.state in ALIVE and not _is_fresh(sight, subject):
        return Leg(subject, "unknown", known.detail or sight.words.say("leg_stale"))
    if known.state == "unknown":
        return Leg(subject, "unknown", known.detail or sight.words.say("leg_unasked"))
    if known.state in ALIVE and sight.inventory.devices[subject.id].role == "ups":
        return _ups(sight, subject, known)
    return Leg(subject, known.state, known.detail)


def _ups(sight: Sight, subject: Subject, known: DeviceState) -> Leg:
    """A UPS is judged by its own figures, not by whether it answers. A self-test is no outage."""
    words = sight.words
    on_battery = _value(sight, neutral.UPS_ON_BATTERY, subject)
    if on_battery is None:
        return Leg(subject, "unknown", words.say("leg_mains_unknown"))
    testing = _value(sight, neutral.UPS_SELF_TEST_RUNNING, subject) == 1
    wrong = [words.say("leg_on_battery")] if on_battery == 1 and not testing else []
    wrong += [words.say(key) for family, key in _UPS_FAULTS if _value(sight, family, subject) == 1]
    if wrong:
        return Leg(subject, "degraded", ", ".join(wrong))
    return Leg(subject, known.state, known.detail)


def _cannot_take_over(sight: Sight, subject: Subject) -> bool:
    """Whether it is a UPS that would not bridge an outage, though it passes on the mains."""
    device = sight.inventory.devices.get(subject.id) if subject.kind == "device" else None
    if device is None or device.role != "ups":
        return False
    return any(_value(sight, family, subject) == 1 for family in (neutral.UPS_BYPASS, neutral.UPS_BATTERY_LOW))


def _service(sight: Sight, subject: Subject) -> Leg:
    known = service_state(sight, subject)
    terms = sight.inventory.services[subject.id].heartbeat
    job = None if terms is None else job_of(sight, subject, terms)
    if known.state in ALIVE and not _is_fresh(sight, subject):
        return Leg(subject, "unknown", sight.words.say("leg_stale"))
    if terms is not None and job is not None:
        return _job(sight, subject, terms, job)
    if known.state == "unknown":
        return Leg(subject, "unknown", known.detail or sight.words.say("leg_unasked"))
    return Leg(subject, known.state, known.detail)


def _job(sight: Sight, subject: Subject, terms: Heartbeat, job: Job) -> Leg:
    """A backup stays of use for a while after it was due; one whose size is not believed is so with restrictions.

    An empty one is none: what counts is the age of the last that was not.
    """
    succeeded = job.succeeded_at
    if succeeded is None:
        return Leg(subject, job.state, sight.words.say("leg_never"))
    verdict = verdict_of(sight, subject, terms)
    empty = verdict is not None and verdict.says == "empty"
    doubted = verdict is not None and (verdict.missing or verdict.says in {"empty", "small"})
    good_at = verdict.good_at if verdict is not None and empty else succeeded
    worthless = good_at is None or sight.view.now >= good_at + WORTHLESS_AFTER * terms.every + terms.grace
    state = job.state
    if worthless and (empty or state == "down"):
        state = "down"
    elif state == "down" or (state == "up" and doubted):
        return Leg(subject, "degraded", _told(sight, succeeded, verdict))
    return Leg(subject, state, _told(sight, succeeded, verdict))


def _told(sight: Sight, succeeded: float, verdict: SizeVerdict | None) -> str:
    """Say when a job last succeeded, and what it wrote. Moments, no ages: it is read later, too."""
    words = sight.words
    parts = [words.say("heartbeat_last_success", at=sight.moment(succeeded))]
    if verdict is None:
        return parts[0]
    parts[0] += ", " + (words.say("leg_no_size") if verdict.untold else words.size(verdict.last))
    if verdict.says in {"empty", "small"} and verdict.usual is not None:
        parts.append(words.say("leg_usual", usual=words.size(verdict.usual)))
    if verdict.says == "empty":
        good_at = verdict.good_at
        none = words.say("leg_none_good")
        parts.append(none if good_at is None else words.say("leg_last_good", at=sight.moment(good_at)))
    elif verdict.trend is not None:
        parts.append(said_of(sight, verdict.trend, shortly=True))
    return "; ".join(parts)


def _is_fresh(sight: Sight, subject: Subject) -> bool:
    """Whether a check that succeeded has a reading that is not out of date."""
    return any(job.up is True and job.reading is not None for job in sight.jobs.get(subject, ()))


def _value(sight: Sight, family: MetricFamily, subject: Subject) -> float | None:
    """The worst of several: each battery or phase counts."""
    return max((series.value for series in sight.view.series(family.name, subject)), default=None)


_UPS_FAULTS = (
    (neutral.UPS_BYPASS, "leg_bypass"),
    (neutral.UPS_BATTERY_LOW, "leg_battery_low"),
    (neutral.UPS_BATTERY_REPLACE, "leg_replace"),
)
_LEGS = {"device": _device, "link": _link, "service": _service}
