"""Every example of docs/collectors/mdm.md loads and can be built; what cannot be used is refused with a hint."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from agent.contract import ParamError
from agent.engine.plan import make_plan
from agent.risk.rules import RULE_OPTIONS
from collectors.mdm.families import FAMILIES
from collectors.mdm.product import MAX_DEVICES, MAX_LIST_BYTES, MAX_PAGE_BYTES, MAX_PAGES
from collectors.mdm.spec import LEAST_INTERVAL_SECONDS, LONGEST_POLL_SECONDS, make_spec
from config.credentials import Credential, HttpCredential
from config.loader import load
from tests.collectors.mdm.management_lab import application, build, token
from tests.harness.fakes import FakeWire

PAGE = (Path(__file__).parents[3] / "docs/collectors/mdm.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
SITES = "sites: {afg: {name: AFG}, rathaus: {name: Rathaus}}\n"


@pytest.mark.parametrize("text", EXAMPLES)
def test_an_example_can_be_polled(text: str, tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    for name in ("jamf-token", "relution-token", "graph-secret", "hash-key"):
        (tmp_path / "secrets" / name).write_text("4711:a-key-of-16-characters-at-least")
    (tmp_path / "ringwacht.yml").write_text(SITES + text, encoding="utf-8")
    spec = make_spec()
    loaded = load(tmp_path, {"mdm": spec.params}, RULE_OPTIONS)
    (job,) = make_plan(loaded.inventory, loaded.settings, {"mdm": spec}).jobs
    assert spec.build(job.target, job.params, FakeWire())
    assert job.target.budget_seconds == LONGEST_POLL_SECONDS == 300
    assert job.least_interval_seconds == LEAST_INTERVAL_SECONDS == 900


def test_the_series_and_bounds_that_the_page_names_are_those_that_there_are() -> None:
    table = PAGE.partition("## What it yields")[2].partition("Shares are left")[0]
    assert set(re.findall(r"`(ringwacht_mdm_\w+)`", table)) == {family.name for family in FAMILIES}
    for family in FAMILIES:
        for label in family.labels:
            assert f"`{label}`" in table
    assert f"over {MAX_PAGE_BYTES >> 20} MiB (Jamf School's single list: {MAX_LIST_BYTES >> 20} MiB)" in PAGE
    assert f"more than {MAX_DEVICES:,} devices or {MAX_PAGES:,} pages" in PAGE


JAMF: dict[str, Any] = {"mdm": "jamf_school", "url": "https://schule.example/api"}
RELUTION: dict[str, Any] = {"mdm": "relution", "url": "https://relution.example"}
INTUNE: dict[str, Any] = {"mdm": "intune", "tenant": "t"}


@pytest.mark.parametrize(
    ("credential", "keys", "path"),
    [
        (None, JAMF, "credential"),
        (token("geheim"), JAMF, "credential"),
        (token("4711:geheim\n"), JAMF, "credential"),
        (application(), RELUTION, "credential"),
        (token("geheimé"), RELUTION, "credential"),
        (token("geheim"), INTUNE, "credential"),
        (token("4711:geheim"), {**JAMF, "url": "http://schule.example/api"}, "url"),
        (token("4711:geheim"), {**JAMF, "url": "https://schule.example/api?x=geheim"}, "url"),
        (application(), {**INTUNE, "login_url": "http://login.example/token"}, "login_url"),
        (application(), {**INTUNE, "tenant": "../geheim"}, "tenant"),
    ],
)
def test_what_lacks_or_would_be_readable_by_others_is_refused_without_a_quote(
    credential: Credential | None, keys: dict[str, Any], path: str
) -> None:
    with pytest.raises(ParamError) as caught:
        build(credential, **keys)
    assert caught.value.path == path
    assert "geheim" not in str(caught.value)


def test_user_and_password_do_for_jamf_school_as_well() -> None:
    login = HttpCredential(username="4711", password=SecretStr("key"))
    assert build(Credential(http=login), **JAMF)


def test_every_https_address_and_this_machine_itself_will_do() -> None:
    every: list[dict[str, Any]] = [
        RELUTION,
        {**RELUTION, "url": "http://127.0.0.1:8080"},
        {**RELUTION, "url": "http://localhost/"},
    ]
    for keys in every:
        assert build(token("x"), **keys)
