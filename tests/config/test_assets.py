from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from config.assets import Asset, AssetFile, Note, Warranty, registered, warnings
from config.errors import ConfigError
from config.loader import Loaded, load

HERE = Path("a.csv")
SPRING, AUTUMN = date(2027, 3, 28), date(2027, 10, 31)


def tablet(line: int, *, tag: str = "", model: str = "iPad 9", site: str = "afg", until: date | None = SPRING) -> Asset:
    return Asset(line, tag or f"T-{line}", "tablet", model, site=site, warranty_until=until)


def test_warranties_are_grouped_by_day_and_site() -> None:
    assets = [tablet(line, until=AUTUMN if line % 2 else SPRING, model=f"iPad {line % 3}") for line in range(1400)]
    more = [tablet(2000, until=None), tablet(2001, site="rathaus"), tablet(2002, model="")]
    (file,) = registered([AssetFile(HERE, (*assets, *more))], ["afg", "rathaus"])
    assert file.warranties == (
        Warranty("afg", SPRING, (("iPad 0", 234), ("iPad 2", 233), ("iPad 1", 233), ("tablet", 1))),
        Warranty("rathaus", SPRING, (("iPad 9", 1),)),
        Warranty("afg", AUTUMN, (("iPad 1", 234), ("iPad 0", 233), ("iPad 2", 233))),
    )
    assert sum(warranty.count for warranty in file.warranties) == 1402
    assert not file.noted
    assert file.assets == (*assets, *more)
    assert registered([file], []) == (file,)  # once is enough


def test_a_tag_counts_once_over_all_files_and_an_unknown_site_as_none() -> None:
    first = AssetFile(HERE, (tablet(2), tablet(3, tag="T-2"), tablet(4, site="agf")), notes=(Note(9, "x", 6),), noted=7)
    second = AssetFile(Path("b.csv"), (tablet(2), tablet(5)))
    one, two = registered([first, second], ["afg"])
    assert (one.repeated, two.repeated) == (("T-2",), ("T-2",))
    assert [asset.site for asset in one.assets] == ["afg", None]
    assert [(warranty.site, warranty.count) for warranty in one.warranties] == [(None, 1), ("afg", 1)]
    assert [(warranty.site, warranty.count) for warranty in two.warranties] == [("afg", 1)]
    assert list(warnings([one, two])) == [
        "assets: a.csv: line 3: asset_tag is there already: left out; line 4: site is none of the configuration's; "
        "line 9 and 5 more: x (and 1 more)",
        "assets: b.csv: line 2: asset_tag is there already: left out",
    ]


def test_the_inventory_holds_the_register(tmp_path: Path, loaded: Callable[..., Loaded]) -> None:
    (tmp_path / "a.csv").write_text("asset_tag;kind;site;warranty_until\nA;pc;rathaus;30.06.27\nB;pc;rathau;\n")
    inventory = loaded("sites: {rathaus: {}}\nassets: [a.csv]").inventory
    (file,) = inventory.assets
    assert file.warranties == (Warranty("rathaus", date(2027, 6, 30), (("pc", 1),)),)
    assert list(warnings(inventory.assets)) == [f"assets: {file.path}: line 3: site is none of the configuration's"]
    assert inventory.model_dump(mode="json")["assets"] == [str(tmp_path / "a.csv")]


def test_a_missing_column_is_an_error_at_the_files_name(tmp_path: Path, problems: Callable[..., list[str]]) -> None:
    (tmp_path / "a.csv").write_text("Name;Gerät\n")
    assert problems("sites: {rathaus: {}}\nassets:\n- a.csv") == [
        "ringwacht.yml:3:3: assets[0]: 'a.csv': line 1: there is no column asset_tag, kind, site (one of the first 20 "
        "lines names the columns as docs/assets.md lists them)"
    ]


def test_with_sites_that_are_wrong_no_row_is_blamed(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("asset_tag;kind;site\nA;pc;rathaus\n")
    (tmp_path / "ringwacht.yml").write_text("sites: 5\nassets: [a.csv]")
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, {}, {})
    assert [problem.field for problem in caught.value.problems] == ["sites"]


def test_the_warranty_of_what_is_retired_is_nobodys_business() -> None:
    (file,) = registered([AssetFile(HERE, (tablet(2), replace(tablet(3), status="retired")))], ["afg"])
    assert [warranty.count for warranty in file.warranties] == [1]
