"""From files to a plan whose collectors can be built, or every error with file, line and column."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel

from agent.contract import Collector, CollectorSpec, Job, JobKey, ParamError, Plan, SubjectKind, Wire
from agent.engine.build import BuildErrors, build_collectors
from agent.engine.plan import make_plan
from agent.risk.rules import RULE_OPTIONS, RULES
from collectors.registry import make_specs
from config.errors import ConfigError, Problem
from config.loader import Loaded, load
from config.positions import Positions
from config.schema import build_schema
from config.summary import count_sections

# Sections of the inventory that later collectors and judgements will use.
NOT_YET = ("partners", "functions", "rules", "deadlines", "sources", "fleets", "projectors", "assets")
SECTION: Mapping[SubjectKind, str] = {"device": "devices", "service": "services", "link": "links"}


class StartError(Exception):
    """The command cannot start; the message is for people, a line for each thing that is wrong."""


class Prepared(NamedTuple):
    """A configuration that holds together."""

    loaded: Loaded
    specs: Mapping[str, CollectorSpec]
    plan: Plan


def prepare(path: Path, wire: Wire) -> Prepared:
    """Load, plan and try to build. Raises ConfigError with every problem that the stage found."""
    loaded = load(path, _params(), RULE_OPTIONS)
    _refuse_unprotected(loaded)
    specs = _specs(loaded)
    plan = make_plan(loaded.inventory, loaded.settings, specs)
    plan = replace(plan, warnings=(*plan.warnings, *unused(loaded)))
    build(plan.jobs, specs, wire, loaded.positions)
    return Prepared(loaded, specs, plan)


def prepare_or_fail(path: Path, wire: Wire) -> Prepared:
    """As ``prepare``; raises StartError, for the command line."""
    try:
        return prepare(path, wire)
    except ConfigError as error:
        raise StartError(str(error)) from error


def build(
    jobs: Iterable[Job], specs: Mapping[str, CollectorSpec], wire: Wire, positions: Positions
) -> dict[JobKey, Collector]:
    """Build the collectors; what only a collector can judge (an unknown profile) is told with its position."""
    try:
        return build_collectors(jobs, specs, wire)
    except BuildErrors as errors:
        raise ConfigError(_located(job, error, positions) for job, error in errors.errors) from errors


def unused(loaded: Loaded) -> Iterator[str]:
    """Yield a warning for each part that is read and checked but that nothing works with yet."""
    inventory, settings = loaded.inventory, loaded.settings
    present = {
        "traps": settings.traps,
        "alerting.heartbeat": settings.alerting.heartbeat,
        **{name: getattr(inventory, name) for name in NOT_YET},
    }
    for name, value in present.items():
        if value:
            yield f"{name}: checked, but nothing works with it yet"
    for name in settings.alerting.rules:
        if name in RULES and RULES[name].planned:
            yield f"alerting.rules.{name}: checked, but not judged yet"


def _refuse_unprotected(loaded: Loaded) -> None:
    """Who asks for TLS and passwords must not get an open port instead."""
    if loaded.settings.web.web_config is not None:
        hint = "put a reverse proxy before the loopback address"
        message = "TLS and basic authentication are not built in yet"
        raise ConfigError([loaded.positions.problem(("web", "web_config"), message, hint)])


def schema_text() -> str:
    """Return the JSON schema of the configuration with every collector's own keys."""
    return json.dumps(build_schema(_params(), RULE_OPTIONS), indent=2, ensure_ascii=False)


def summary(prepared: Prepared) -> str:
    """Return what ``ringwacht check`` says of a good configuration: how many of what."""
    plan = prepared.plan
    counts = {**count_sections(prepared.loaded.inventory), "jobs": len(plan.jobs)}
    text = ", ".join(f"{count} {what}" for what, count in counts.items())
    return f"{text}; {len(plan.unsupported)} checks have no collector yet" if plan.unsupported else text


def _params() -> dict[str, type[BaseModel]]:
    return {spec.kind: spec.params for spec in make_specs()}


def _specs(loaded: Loaded) -> dict[str, CollectorSpec]:
    try:
        return {spec.kind: spec for spec in make_specs(loaded.settings.snmp_modules)}
    except ParamError as error:
        raise ConfigError([loaded.positions.problem((error.path,), error.hint)]) from error


def _located(job: Job, error: ParamError, positions: Positions) -> Problem:
    subject = job.key.subject
    return positions.problem((SECTION[subject.kind], subject.id, *error.path.split(".")), error.hint)
