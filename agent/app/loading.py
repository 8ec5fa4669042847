"""From files to a plan whose collectors can be built, or every error with file, line and column."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel

from agent.alerts.roster import Roster
from agent.app.advice import advise
from agent.app.calendarcheck import calendar_problems, calendar_remarks
from agent.app.design import design_remarks
from agent.app.reach import reach_remarks
from agent.app.renting import renting_remarks
from agent.app.restorecheck import restore_remarks
from agent.app.rosters import offline_roster
from agent.app.routecheck import route_problems, route_remarks
from agent.contract import Collector, CollectorSpec, Job, JobKey, ParamError, Plan, SubjectKind, Wire
from agent.engine.build import BuildErrors, build_collectors
from agent.engine.clock import SystemClock
from agent.engine.plan import make_plan
from agent.risk.fleet.warnings import fleet_warnings
from agent.risk.rules import RULE_OPTIONS
from collectors.registry import make_specs
from config.assets import warnings as asset_warnings
from config.errors import ConfigError, Problem
from config.loader import Loaded, load
from config.positions import Positions
from config.schema import build_schema
from config.summary import count_sections
from exporters.ways import load_ways, slip_of

# Kinds that no device has as a key of its own: services, sources, projectors and links bring them along.
NOT_OF_DEVICES = frozenset({"heartbeat", "mdm", "microsoft365", "projector", "throughput"})
SECTION: Mapping[SubjectKind, str] = {
    "device": "devices",
    "service": "services",
    "link": "links",
    "site": "sites",
    "uplink": "uplink",
    "source": "sources",
    "projector": "projectors",
}


class StartError(Exception):
    """The command cannot start; the message is for people, a line for each thing that is wrong."""


class Prepared(NamedTuple):
    """A configuration that holds together."""

    loaded: Loaded
    specs: Mapping[str, CollectorSpec]
    plan: Plan


def prepare(path: Path, *, strict: bool = False) -> Prepared:
    """Load and plan. Raises ConfigError with every problem that the stage found.

    ``strict``: calendars are read as well, and what is wrong with one is a problem. A file on a server that is gone
    takes as long as it takes; the daemon reads them by itself, within limits, and says what is wrong (``Rosters``).
    """
    specs = _by_kind(make_specs())
    loaded = load(path, own_keys(specs.values()), RULE_OPTIONS)
    now = SystemClock().now()
    problems = (*_unprotected(loaded), *_unknown_services(loaded), *route_problems(loaded, now))
    roster = offline_roster(loaded.settings, now) if strict else Roster()
    if strict:
        problems += tuple(calendar_problems(loaded, roster))
    if problems:
        raise ConfigError(problems)
    if loaded.settings.snmp_modules:
        specs = _with_modules(loaded)
    plan = make_plan(loaded.inventory, loaded.settings, specs)
    warnings = (*plan.warnings, *_remarks(loaded, plan, specs), *unused(loaded), *advise(loaded, specs, plan))
    warnings += tuple(map(str, (*design_remarks(loaded), *renting_remarks(loaded))))
    warnings += tuple(map(str, (*reach_remarks(loaded, roster, now), *route_remarks(loaded, roster))))
    warnings += tuple(map(str, (*restore_remarks(loaded, now), *calendar_remarks(loaded, roster, now))))
    return Prepared(loaded, specs, replace(plan, warnings=warnings))


def prepare_or_fail(path: Path, wire: Wire, *, strict: bool = False) -> tuple[Prepared, dict[JobKey, Collector]]:
    """Prepare and build every collector. Raises StartError, for the command line."""
    try:
        prepared = prepare(path, strict=strict)
    except ConfigError as error:
        raise StartError(str(error)) from error
    try:
        return prepared, build_collectors(prepared.plan.jobs, prepared.specs, wire)
    except BuildErrors as errors:
        raise StartError(str(located(errors, prepared))) from errors


def located(errors: BuildErrors, prepared: Prepared) -> ConfigError:
    """Return what only a collector can judge (an unknown profile) with its place in the files."""
    return ConfigError(_problem(job, error, prepared.loaded.positions) for job, error in errors.errors)


def unused(loaded: Loaded) -> Iterator[str]:
    """Yield a warning for each part that is read and checked but that nothing works with yet."""
    inventory, settings = loaded.inventory, loaded.settings
    if not any((inventory.devices, inventory.services, inventory.links, inventory.sources, inventory.projectors)):
        yield "nothing is watched: there is no device, service, link, source or projector"
    if settings.uplink is not None and settings.uplink.gateway is None and not settings.uplink.references:
        yield "uplink: guards nothing without a gateway or references"
    if settings.traps is not None and not settings.traps.allow:
        yield "traps: none are taken, because allow names no network"
    yield from asset_warnings(inventory.assets)
    yield from fleet_warnings(inventory, settings)


def _remarks(loaded: Loaded, plan: Plan, specs: Mapping[str, CollectorSpec]) -> Iterator[str]:
    for job in plan.jobs:
        remark = specs[job.kind].remark
        found = None if remark is None else remark(job.params)
        if found is not None:
            yield str(_problem(job, found, loaded.positions))


def _unprotected(loaded: Loaded) -> Iterator[Problem]:
    """Who asks for TLS and passwords must not get an open port instead."""
    if loaded.settings.web.web_config is not None:
        hint = "put a reverse proxy before the loopback address"
        message = "TLS and basic authentication are not built in yet"
        yield loaded.positions.problem(("web", "web_config"), message, hint)


def _unknown_services(loaded: Loaded) -> Iterator[Problem]:
    """A receiver that Apprise cannot reach would be noticed at the first alert, by nobody. Never quotes the URL."""
    for name, receiver in loaded.settings.alerting.receivers.items():
        for index, way in enumerate(load_ways(receiver.apprise)):
            if way is None:
                place = ("alerting", "receivers", name, "apprise", index)
                yield loaded.positions.problem(place, *slip_of(receiver.apprise[index]))


def schema_text() -> str:
    """Return the JSON schema of the configuration with every collector's own keys."""
    return json.dumps(build_schema(own_keys(make_specs()), RULE_OPTIONS), indent=2, ensure_ascii=False)


def own_keys(specs: Iterable[CollectorSpec]) -> dict[str, type[BaseModel]]:
    """Return what a device's own keys are validated with."""
    return {spec.kind: spec.params for spec in specs if spec.kind not in NOT_OF_DEVICES}


def summary(prepared: Prepared) -> str:
    """Return what ``ringwacht check`` says of a good configuration: how many of what."""
    plan = prepared.plan
    counts = {**count_sections(prepared.loaded.inventory), "jobs": len(plan.jobs)}
    text = ", ".join(f"{count} {what}" for what, count in counts.items())
    return f"{text}; {len(plan.unsupported)} checks have no collector yet" if plan.unsupported else text


def _by_kind(specs: Iterable[CollectorSpec]) -> dict[str, CollectorSpec]:
    return {spec.kind: spec for spec in specs}


def _with_modules(loaded: Loaded) -> dict[str, CollectorSpec]:
    try:
        return _by_kind(make_specs(loaded.settings.snmp_modules))
    except ParamError as error:
        raise ConfigError([loaded.positions.problem((error.path,), error.hint)]) from error


def _problem(job: Job, error: ParamError, positions: Positions) -> Problem:
    subject = job.key.subject
    return positions.problem((SECTION[subject.kind], subject.id, *error.path.split(".")), error.hint)
