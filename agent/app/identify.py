"""``ringwacht identify``: what a device is, which profiles it gets and why, and what a poll of it brings."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from agent.app.loading import StartError, prepare
from agent.app.portrait import as_json, as_text
from agent.contract import CollectError, CollectorSpec, ParamError, Subject, Target
from agent.engine.clock import SystemClock
from agent.wire.pools import Pools
from agent.wire.telemetry import MeterBook
from agent.wire.wire import LocalWire
from collectors.snmp.collector import SnmpCollector
from collectors.snmp.mapping.identify import describe
from collectors.snmp.mapping.library import Library, load_library
from collectors.snmp.params import SnmpParams
from collectors.snmp.spec import make_spec
from config.address import parse_address
from config.credentials import Credential, SnmpCredential
from config.errors import ConfigError, Wrong, did_you_mean

SNMP_PORT = 161
BUDGET_SECONDS = 60.0
"""A first look may take longer than a poll."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to reach the device: a credential of a configuration, or the community in an environment variable."""

    host: str
    config: Path = Path()
    credential: str | None = None
    community_env: str | None = None
    profile: str = "auto"
    timeout_seconds: float = 5.0


@dataclass(frozen=True, slots=True)
class Visit:
    """All that a first look needs, read from the files."""

    target: Target
    spec: CollectorSpec
    library: Library


def prepare_visit(options: Options) -> Visit:
    """Read the configuration. Raises StartError."""
    credential, modules = _login(options)
    try:
        address = parse_address(options.host)
        spec = make_spec(modules)
    except (Wrong, ParamError) as error:
        raise StartError(f"{options.host}: {error}") from error
    target = Target(
        Subject("device", address.host),
        host=address.host,
        port=address.port or SNMP_PORT,
        timeout_seconds=options.timeout_seconds,
        budget_seconds=BUDGET_SECONDS,
        profile=options.profile,
        credential=credential,
    )
    return Visit(target, spec, load_library(modules))


async def identify(visit: Visit, *, json: bool = False, debug: bool = False) -> int:
    """Poll the device once and say what it is; return 1 where it could not be polled. Raises StartError."""
    clock, pools = SystemClock(), Pools()
    wire = LocalWire(clock, MeterBook(), pools)
    collector = _collector(visit, wire)
    host = visit.target.host or ""
    collector.trace = _narrate if debug else None
    try:
        harvest = await collector.collect()
    except CollectError as error:
        sys.stderr.write(f"{host}: {error}\n")
        return 1
    finally:
        await collector.close()
        await wire.close()
        pools.close()
    if collector.device is None:
        raise AssertionError("a poll recognises the device")
    identity = describe(collector.device, harvest, collector.rows, visit.library)
    sys.stdout.write(as_json(identity) if json else as_text(identity, host))
    return 0


def _narrate(line: str) -> None:
    sys.stderr.write(f"  {line}\n")


def _collector(visit: Visit, wire: LocalWire) -> SnmpCollector:
    """Raises StartError where the profile is unknown."""
    try:
        built = visit.spec.build(visit.target, SnmpParams(), wire)
    except ParamError as error:
        raise StartError(f"--{error.path}: {error.hint}") from error
    if not isinstance(built, SnmpCollector):
        raise TypeError("the snmp kind builds SnmpCollectors")
    return built


def _login(options: Options) -> tuple[Credential, Sequence[Path]]:
    """Return the credential and the configuration's own module files. Raises StartError."""
    if options.community_env is not None:
        community = os.environ.get(options.community_env)
        if not community:
            raise StartError(f"--community-env: the environment has no {options.community_env}")
        return Credential(snmp=SnmpCredential(version="2c", community=SecretStr(community))), ()
    try:
        settings = prepare(options.config).loaded.settings
    except ConfigError as error:
        raise StartError(str(error)) from error
    known = {name: one for name, one in settings.credentials.items() if one.snmp is not None}
    name = options.credential or (next(iter(known)) if len(known) == 1 else None)
    if name is None or name not in known:
        named = f"--credential {options.credential}: no such credential for SNMP; " if options.credential else ""
        hint = did_you_mean(name or "", known) or f"--credential is one of: {', '.join(sorted(known)) or 'none'}"
        raise StartError(f"{named}{hint}")
    return known[name], settings.snmp_modules
