"""How an SNMP check is configured and built."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from agent.contract import CollectorSpec, ParamError, Target, Wire
from collectors.snmp.collector import SnmpCollector, Tuning
from collectors.snmp.module import ModuleError
from collectors.snmp.profiles import Library, load_library
from collectors.snmp.recognise import Recogniser
from collectors.snmp.security import Keys
from collectors.snmp.walk import MAX_REPETITIONS


class SnmpParams(BaseModel):
    """A device's own ``snmp:`` section; what it leaves out is learnt from the device."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    max_repetitions: Annotated[int, Field(ge=1, le=MAX_REPETITIONS)] = MAX_REPETITIONS
    """Rows that one GETBULK may ask for at most."""
    max_rows: Annotated[int, Field(ge=1)] = 50_000
    """Rows after which the walk of one subtree is stopped."""


def make_spec(module_files: Sequence[Path] = ()) -> CollectorSpec:
    """Return the ``snmp`` kind with the shipped profiles and modules and those of ``snmp_modules`` files.

    Raises ParamError where such a file cannot be used.
    """
    try:
        library = load_library(module_files)
    except ModuleError as error:
        raise ParamError("snmp_modules", str(error)) from error
    build = partial(_build, library, Keys())
    return CollectorSpec("snmp", SnmpParams, library.families(), build, _revision(module_files))


def _revision(module_files: Sequence[Path]) -> str:
    """What the files say, so that a reload rebuilds the collectors when one was edited."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in module_files)).hexdigest()


def _build(library: Library, keys: Keys, target: Target, params: Any, wire: Wire) -> SnmpCollector:
    credential = getattr(target.credential, "snmp", None)
    if credential is None:
        raise ParamError("credential", "an snmp check needs a credential with an snmp section")
    if getattr(credential, "context", None):
        raise ParamError("credential", "an SNMPv3 context is not supported by the polling engine")
    if target.host is None:
        raise ParamError("address", "an snmp check needs an address")
    recogniser = Recogniser(library, target.profile, target.modules, target.room or "")
    tuning = Tuning(params.max_repetitions, params.max_rows)
    try:
        return SnmpCollector(target, wire, recogniser, keys, tuning)
    except KeyError as error:
        path = "modules" if target.profile in {"auto", "none", *library.profiles} else "profile"
        raise ParamError(path, str(error.args[0])) from error
