"""A job that reports by itself is a service, never a device."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.app.loading import own_keys, prepare
from collectors.registry import make_specs
from config.errors import ConfigError
from tests.harness.process import write_yaml

TERMS = {"every": "24h", "token": {"file": "token"}}
SITES = {"rathaus": {"name": "Rathaus"}}


@pytest.fixture(autouse=True)
def token(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("hunter22-hunter22")


def test_a_device_has_no_heartbeat(tmp_path: Path) -> None:
    assert "heartbeat" not in own_keys(make_specs())
    write_yaml(
        tmp_path / "ringwacht.yml", {"sites": SITES, "devices": {"nas": {"site": "rathaus", "heartbeat": TERMS}}}
    )
    with pytest.raises(ConfigError, match=r"devices\.nas.*heartbeat"):
        prepare(tmp_path)


def test_a_service_with_a_heartbeat_is_polled_without_a_warning(tmp_path: Path) -> None:
    switch = {"url": "http://127.0.0.1:9/ping/us"}
    services = {"backup": {"heartbeat": {**TERMS, "grace": "2h", "longest": "6h"}, "interval": "30s"}}
    write_yaml(tmp_path / "ringwacht.yml", {"sites": SITES, "services": services, "alerting": {"heartbeat": switch}})
    plan = prepare(tmp_path).plan
    assert [(str(job.key), job.interval_seconds) for job in plan.jobs] == [("service:backup/heartbeat", 30.0)]
    assert not [line for line in plan.warnings if "heartbeat" in line]
