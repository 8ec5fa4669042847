from __future__ import annotations

import pytest
from pydantic import SecretStr

from config.address import Address
from config.inventory import Inventory
from config.settings import Alerting, Municipality, Receiver, Settings, Web
from exporters.registry import make_deliverers, make_exporters
from tests.exporters.fakes import make_alert, make_snapshot
from tests.harness.clock import FakeClock
from tests.harness.fakes import FakeWire
from tests.harness.sink import sink


def test_one_exporter_an_alertmanager_and_one_deliverer_a_receiver(clock: FakeClock) -> None:
    settings = Settings(
        municipality=Municipality(id="musterland"),
        alerting=Alerting(
            alertmanagers=("http://127.0.0.1:9093", "https://alerts.example"),
            receivers={"it": Receiver(apprise=(SecretStr("json://localhost"),))},
        ),
    )
    exporters = make_exporters(settings, FakeWire(), clock)
    assert [exporter.name for exporter in exporters] == [
        "alertmanager:127.0.0.1:9093",
        "alertmanager:alerts.example:443",
    ]
    assert list(make_deliverers(settings, Inventory(), FakeWire(), None)) == ["it"]


async def test_alertmanager_is_given_the_address_of_our_own_runbooks(clock: FakeClock) -> None:
    async with sink() as here:
        settings = Settings(web=Web(listen=Address("::1", 9696)), alerting=Alerting(alertmanagers=(here.url,)))
        (exporter,) = make_exporters(settings, FakeWire(), clock)
        await exporter.publish(make_snapshot(alerts=(make_alert(),)))
        await exporter.close()
        (alert,) = here.requests[0].json()
    assert alert["generatorURL"] == "http://[::1]:9696/api/v1/alerts"
    assert alert["annotations"]["runbook_url"] == "http://[::1]:9696/runbooks/link_down"


@pytest.mark.parametrize(
    ("external", "page"), [(None, None), ("https://county.example/watch/", "https://county.example/watch")]
)
async def test_alertmanager_is_given_the_address_at_which_people_reach_the_page_or_none(
    external: str | None, page: str | None, clock: FakeClock
) -> None:
    async with sink() as here:
        web = Web(listen=Address("0.0.0.0", 9696), external_url=external)
        settings = Settings(web=web, alerting=Alerting(alertmanagers=(here.url,)))
        (exporter,) = make_exporters(settings, FakeWire(), clock)
        await exporter.publish(make_snapshot(alerts=(make_alert(),)))
        await exporter.close()
        (alert,) = here.requests[0].json()
    assert alert["generatorURL"] == ("" if page is None else f"{page}/api/v1/alerts")
    assert alert["annotations"].get("runbook_url") == (None if page is None else f"{page}/runbooks/link_down")
