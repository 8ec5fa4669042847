"""How a scrape is configured and built."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from pathlib import Path

from agent.contract import CollectorSpec, MetricFamily, ParamError, Target, Wire
from agent.wire.trust import TrustShare
from collectors.scrape.client import Client, Request
from collectors.scrape.collector import Authorities, Place, ScrapeCollector
from collectors.scrape.names import NEUTRAL_NAMES, Names, Selection, is_owned
from collectors.scrape.params import ScrapeParams
from collectors.scrape.parse import MakeFamily, Rules
from collectors.scrape.presets import SHIPPED, STANDARD, Preset, UnknownPreset, find_preset, load_presets
from config.settings import Credential

BUDGET_SHARE = 0.9  # of the poll's budget for the answer; what went wrong is told before the runner cuts the poll short
READ_SHARE = 0.96  # until the page is read as well
KEPT_FAMILIES = 4096

Presets = Mapping[str, Preset]


def _family_pool() -> MakeFamily:
    return lru_cache(KEPT_FAMILIES)(MetricFamily)


@dataclass(frozen=True, slots=True)
class _Shared:
    """What the checks of this kind have in common; a thousand pages declare the same families, whose texts are long."""

    presets: Presets
    ours: frozenset[str]
    trust: TrustShare = field(default_factory=TrustShare)
    family: MakeFamily = field(default_factory=_family_pool)


def make_spec(folder: Path = SHIPPED, declared: Iterable[MetricFamily] = ()) -> CollectorSpec:
    """Return the ``scrape`` kind with the presets of a folder; its collectors share authorities and families.

    ``declared`` are the families of the other kinds: where they have no label ``device`` of their own, no page sets it.
    """
    presets = load_presets(folder)
    ours = NEUTRAL_NAMES.union(one.name for one in (*declared, *STANDARD.values()) if "device" not in one.labels)
    return CollectorSpec(
        kind="scrape",
        params=ScrapeParams,
        families=tuple(STANDARD.values()),
        build=partial(_build, _Shared(presets, ours)),
        revision=hashlib.sha256(repr((presets, sorted(ours))).encode()).hexdigest(),
        may_yield=partial(_may_yield, presets),
    )


def _may_yield(presets: Presets, params: ScrapeParams, family: str) -> bool:
    """Whether a check may bring series of a family, or of any that begins as what stands before a last `*`.

    An unknown preset brings none.
    """
    chosen = [presets[name] for name in params.preset if name in presets]
    head = family.removesuffix("*")
    standard = (neutral.family for preset in chosen for neutral in preset.neutral)
    if any(name == family or (head != family and name.startswith(head)) for name in standard):
        return True
    if params.preset and not chosen and not params.allow:
        return False
    selection = _selection(chosen, params.allow)
    if head != family:
        return selection.may_want(head)
    if is_owned(family) or (family in NEUTRAL_NAMES and not selection.speaks_of(family)):
        return False
    return selection.wants(family)


def _selection(presets: Sequence[Preset], allow: Sequence[str]) -> Selection:
    lists = [(Names(preset.families), Names(preset.without)) for preset in presets]
    return Selection([*lists, (Names(allow), Names(()))] if allow else lists)


def _build(shared: _Shared, target: Target, params: ScrapeParams, wire: Wire) -> ScrapeCollector:
    chosen = _chosen(shared.presets, params)
    request = _request(target, params, chosen)
    neutral = tuple(one for preset in chosen for one in preset.neutral)
    rules = Rules(_selection(chosen, params.allow), neutral, params.max_series, shared.family, shared.ours)
    client = Client(request, _authorization(target.credential))
    authorities = Authorities(shared.trust, params.ca, verify=params.verify) if params.scheme == "https" else None
    place = Place(request.host, target.budget_seconds * READ_SHARE)
    return ScrapeCollector(place, client, rules, wire, authorities)


def _chosen(presets: Presets, params: ScrapeParams) -> list[Preset]:
    try:
        return [find_preset(name, presets) for name in params.preset]
    except UnknownPreset as error:
        raise ParamError("scrape.preset", str(error)) from None


def _request(target: Target, params: ScrapeParams, presets: Sequence[Preset]) -> Request:
    port = params.port or target.port or next((preset.port for preset in presets), None)
    if target.host is None:
        raise ParamError("address", "a scrape check needs a host")
    if port is None:
        raise ParamError("address", f"a scrape check needs a port: {target.host}:9100, or `scrape: {{port: 9100}}`")
    return Request(
        scheme=params.scheme,
        host=target.host,
        port=port,
        path=params.path,
        connect_seconds=target.timeout_seconds,
        total_seconds=target.budget_seconds * BUDGET_SHARE,
        max_bytes=int(params.max_bytes),
    )


def _authorization(credential: Credential | None) -> Mapping[str, str]:
    """Return the header of the credential's ``http`` part (RFC 7617), else of its ``token`` (RFC 6750)."""
    if credential is not None and credential.http is not None:
        login = f"{credential.http.username}:{credential.http.password.get_secret_value()}"
        return {"Authorization": f"Basic {base64.b64encode(login.encode()).decode()}"}
    if credential is not None and credential.token is not None:
        return {"Authorization": f"Bearer {credential.token.get_secret_value()}"}
    return {}
