"""No secret shows, wherever it was written and whatever is printed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import config
from agent.risk.rules import RULE_OPTIONS
from collectors.nut.params import NutParams
from collectors.scrape.params import ScrapeParams
from config.errors import ConfigError
from config.loader import load
from config.schema import build_schema

CANARY = "KANARIENVOGEL"
EXAMPLES = Path(config.__file__).parent / "examples"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(EXAMPLES / "reference", tmp_path / "reference")
    for secret in (tmp_path / "reference/secrets").iterdir():
        secret.write_text(f"{CANARY}-{secret.name}\n")
    monkeypatch.setenv("RINGWACHT_SSH_PASSWORD", CANARY)
    return tmp_path / "reference"


def test_what_is_loaded_shows_no_secret(folder: Path) -> None:
    inventory, settings, positions = load(folder, {"nut": NutParams, "scrape": ScrapeParams}, RULE_OPTIONS)
    shown = [repr(inventory), repr(settings), str(settings), repr(positions), repr(settings.credentials["net"].snmp)]
    dumped = [repr(settings.model_dump()), repr(inventory.model_dump())]
    dumped += [settings.model_dump_json(), inventory.model_dump_json(), json.dumps(settings.model_dump(mode="json"))]
    assert not [text for text in [*shown, *dumped] if CANARY in text]
    snmp = settings.credentials["lab"].snmp
    assert snmp is not None
    assert snmp.community is not None
    assert snmp.community.get_secret_value() == f"{CANARY}-community"


def test_the_schema_shows_no_secret(folder: Path) -> None:
    load(folder, {"nut": NutParams, "scrape": ScrapeParams}, RULE_OPTIONS)
    assert CANARY not in json.dumps(build_schema({"nut": NutParams, "scrape": ScrapeParams}, RULE_OPTIONS))


@pytest.mark.parametrize(
    "text",
    [
        f"credentials: {{c: {{snmp: {{version: 2c, community: {CANARY}}}}}}}",
        f"credentials: {{c: {{snmp: {{version: {CANARY}, community: {{env: X}}}}}}}}",
        f"credentials: {{c: {{snmp: {{version: 3, username: u, auth_protocol: {CANARY}}}}}}}",
        f"credentials: {{c: {{snmp: {CANARY}}}}}",
        f"credentials: {{c: {{http: {{username: u, password: [{CANARY}]}}}}}}",
        f"credentials: {{c: {{http: {{username: u, password: {{value: {CANARY}}}}}}}}}",
        f"credentials: {{c: {{token: {{env: '{CANARY}!'}}}}}}",
        f"credentials: {{c: {{token: {CANARY}}}}}",
        f"credentials: {CANARY}",
        f"alerting: {{receivers: {{r: {{apprise: ['json://u:{CANARY}@h']}}}}}}",
        f"alerting: {{receivers: {{r: {{apprise: 'json://u:{CANARY}@h'}}}}}}",
        f"alerting: {{alertmanagers: ['http://u:{CANARY}@h']}}",
        f"alerting: {{heartbeat: {{url: 'https://u:{CANARY}@h/'}}}}",
        f"services: {{s: {{url: 'https://{CANARY}:x@h/'}}}}",
        f"services: {{s: {{heartbeat: {{every: 1h, token: {CANARY}}}}}}}",
        f"projectors: {{p: {{site: a, address: h, password: {CANARY}}}}}",
    ],
)
def test_a_secret_written_inline_is_refused_and_not_quoted(tmp_path: Path, text: str) -> None:
    (tmp_path / "ringwacht.yml").write_text(text)
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, {}, {})
    assert CANARY not in str(caught.value)
    assert CANARY not in repr(caught.value)
    assert CANARY not in repr(caught.value.problems)
