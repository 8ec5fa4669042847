"""What is said of the register: differences from a daemon, ends and replacements from the files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from agent.app.assetreport import Finding, differences
from agent.cli_assets import assets as commands
from agent.risk.assets.lifecycle import Ending, endings
from config.assets import Asset, AssetFile
from config.inventory import Inventory

TODAY = date(2027, 2, 1)


def rows(**fleet: object) -> Inventory:
    old = Asset(2, "T-1", "tablet", site="afg", bought=date(2021, 8, 20), warranty_until=date(2027, 8, 20), cost=389.0)
    late = Asset(3, "T-2", "tablet", site="afg", bought=date(2024, 1, 1), replace_on=date(2026, 1, 1), cost=400.0)
    server = Asset(4, "S-1", "server", site=None, support_until=date(2028, 1, 1), replace_on=date(2028, 5, 5))
    over = Asset(5, "S-2", "server", site="afg", warranty_until=date(2027, 1, 31), support_until=date(2031, 1, 1))
    gone = Asset(6, "S-3", "server", site="afg", replace_on=date(2027, 5, 5), status="retired")
    fleets = {"afg-tablets": {"site": "afg", "kind": "tablet", **fleet}}
    file = AssetFile(Path("a"), (old, late, server, over, gone), registered=True)
    return Inventory.model_validate({"sites": {"afg": {}}, "fleets": fleets, "assets": (file,)})


def test_what_ends_and_is_to_be_replaced_by_site_and_year() -> None:
    assert endings(rows(lifetime="6y"), TODAY) == [
        Ending(None, "replacement", 2028, 1, None),
        Ending(None, "support", 2028, 1),
        Ending("afg", "replacement", 2027, 2, 789.0),
        Ending("afg", "warranty", 2027, 1),
    ]


@pytest.mark.parametrize(("fleet", "cost"), [({}, 400.0), ({"unit_cost": 450}, 450.0)])
def test_without_a_lifetime_only_what_has_a_day_is_replaced(fleet: dict[str, object], cost: float) -> None:
    assert Ending("afg", "replacement", 2027, 1, cost) in endings(rows(**fleet), TODAY)


def test_differences_are_put_together_by_site() -> None:
    found: list[Mapping[str, object]] = [
        {"site": "afg", "state": "missing", "asset_tag": f"T-{number}"} for number in range(7)
    ]
    found += [{"site": None, "state": "unknown", "device": "sw-1"}, {"state": "unknown"}]
    assert differences(found) == [
        Finding("", "unknown", 2, names=("sw-1",)),
        Finding("afg", "missing", 7, names=("T-0", "T-1", "T-2", "T-3", "T-4")),
    ]


def test_without_a_daemon_the_files_are_reported(tmp_path: Path, unused_tcp_port: int) -> None:
    (tmp_path / "assets.csv").write_text("asset_tag;kind;site;replace_on;cost\nA-1;pc;afg;2020-01-01;389,00\n")
    (tmp_path / "ringwacht.yml").write_text(
        f'sites: {{afg: {{}}}}\nassets: [assets.csv]\nweb: {{listen: "127.0.0.1:{unused_tcp_port}"}}\n'
    )
    found = CliRunner().invoke(commands, ["report", str(tmp_path), "--csv"])
    head, line = found.stdout.splitlines()
    assert head == "site;what;year;devices;cost;for example"
    assert (line.startswith("afg;replacement;20"), line.endswith(";1;389,00;")) == (True, True)
    assert "what was seen is not known" in found.stderr
    assert "replacement" in CliRunner().invoke(commands, ["report", str(tmp_path)]).stdout
