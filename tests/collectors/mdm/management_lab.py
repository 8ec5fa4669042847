"""Managements that are polled in tests."""

from __future__ import annotations

from typing import Any

from pydantic import SecretStr

from agent.contract import Harvest, Subject, Target, Wire
from collectors.mdm.collector import MdmCollector
from collectors.mdm.spec import make_spec
from config.credentials import Credential, OAuthCredential
from config.schools import Source
from tests.harness.fakes import FakeWire
from tests.harness.mdm.intune_mock import CLIENT, CLIENT_SECRET
from tests.harness.mdm.jamf_mock import TOKEN
from tests.harness.mdm.relution_mock import ACCESS

NOW = FakeWire().now()
SOURCE = Subject("source", "schulen")


class Pauses:
    """Waits no time at all, and remembers how long it was to wait."""

    def __init__(self) -> None:
        self.asked: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.asked.append(seconds)


def token(text: str) -> Credential:
    return Credential(token=SecretStr(text))


def application(secret: str = CLIENT_SECRET) -> Credential:
    return Credential(oauth=OAuthCredential(client_id=CLIENT, client_secret=SecretStr(secret)))


def build(
    credential: Credential | None, wire: Wire | None = None, budget: float = 60.0, timeout: float = 5.0, **keys: Any
) -> MdmCollector:
    source = Source.model_validate({"credential": "x", **keys})
    target = Target(SOURCE, source.site, timeout_seconds=timeout, budget_seconds=budget, credential=credential)
    made = make_spec().build(target, source, wire or FakeWire())
    assert isinstance(made, MdmCollector)
    made.sleep = Pauses()
    return made


def pauses(collector: MdmCollector) -> list[float]:
    assert isinstance(collector.sleep, Pauses)
    return collector.sleep.asked


def of_jamf(url: str, **keys: Any) -> MdmCollector:
    return build(token(TOKEN), mdm="jamf_school", url=url, **keys)


def of_relution(url: str, **keys: Any) -> MdmCollector:
    return build(token(ACCESS), mdm="relution", url=url, **keys)


def of_intune(origin: str, secret: str = CLIENT_SECRET, **keys: Any) -> MdmCollector:
    places: dict[str, Any] = {"url": f"{origin}/v1.0", "login_url": f"{origin}/token"}
    return build(application(secret), mdm="intune", **{**places, **keys})


def values(harvest: Harvest) -> dict[str, float]:
    """``family label values`` -> value, the prefix of ours left out."""
    return {
        " ".join((column.family.name.removeprefix("ringwacht_mdm_"), *row)): harvest.values[column.start + index]
        for column in harvest.layout.columns
        for index, row in enumerate(column.rows.values)
    }
