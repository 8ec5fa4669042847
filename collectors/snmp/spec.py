"""How an SNMP check is configured and built."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from agent.contract import CollectorSpec, ParamError, Target, Wire
from collectors.snmp.collector import SnmpCollector
from collectors.snmp.engines import refuse_impossible
from collectors.snmp.mapping.library import Library, load_library
from collectors.snmp.mapping.recognise import Recogniser
from collectors.snmp.modules.module import ModuleError
from collectors.snmp.params import SnmpParams
from collectors.snmp.transport.security import Keys


def make_spec(module_files: Sequence[Path] = ()) -> CollectorSpec:
    """Return the ``snmp`` kind with the shipped profiles and modules and those of ``snmp_modules`` files.

    Raises ParamError where such a file cannot be used.
    """
    try:
        library = load_library(module_files)
    except ModuleError as error:
        raise ParamError("snmp_modules", str(error)) from error
    build = partial(_build, library, Keys())
    return CollectorSpec("snmp", SnmpParams, library.families(), build, library.revision)


def _build(library: Library, keys: Keys, target: Target, params: SnmpParams, wire: Wire) -> SnmpCollector:
    credential = getattr(target.credential, "snmp", None)
    if credential is None:
        raise ParamError("credential", "an snmp check needs a credential with an snmp section")
    refuse_impossible(credential, params)
    if target.host is None or target.port is None:
        raise ParamError("address", "an snmp check needs a host and a port")
    recogniser = Recogniser(library, target.profile, target.modules, target.room or "", params.max_series)
    try:
        return SnmpCollector(target, wire, recogniser, keys, params)
    except KeyError as error:
        path = "modules" if target.profile in {"auto", "none", *library.profiles} else "profile"
        raise ParamError(path, str(error.args[0])) from error
