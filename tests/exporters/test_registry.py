from __future__ import annotations

from pydantic import SecretStr

from config.settings import Alerting, Municipality, Receiver, Settings
from exporters.registry import make_deliverers, make_exporters
from tests.harness.clock import FakeClock
from tests.harness.fakes import FakeWire


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
    assert list(make_deliverers(settings, FakeWire())) == ["it"]
