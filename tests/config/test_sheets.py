"""Workbooks and headings, as people fill them in."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from config import sheetxlsx
from config.assets import Asset, AssetFile, warnings
from config.errors import Wrong
from config.spreadsheet import opened, read_assets

ROWS: Sequence[Sequence[object]] = (
    ("Inv.-Nr.", "Art", "Modell", "Seriennummer", "Schule", "Kaufdatum", "Garantie bis", "Preis (brutto)", "Nutzer"),
    (
        100123,
        "iPad",
        "iPad 9",
        "SN1",
        "afg",
        datetime.combine(date(2021, 8, 20), time()),
        date(2027, 8, 20),
        389.5,
        "Kim Kanari",
    ),
)
IPAD = Asset(
    2,
    "100123",
    "tablet",
    "iPad 9",
    "afg",
    date(2027, 8, 20),
    serial="SN1",
    bought=date(2021, 8, 20),
    cost=389.5,
    sheet="Sheet",
)


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'


def book(rows: Sequence[Sequence[object]]) -> Workbook:
    made = openpyxl.Workbook()
    assert made.active is not None
    for row in rows:
        made.active.append(list(row))
    return made


def read(path: Path, made: Workbook) -> AssetFile:
    made.save(path)
    return read_assets(str(path))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "assets.xlsx"


def test_a_workbook_is_read_as_it_is_shown(path: Path) -> None:
    file = read(path, book(ROWS))
    assert file.assets == (IPAD,)
    assert "Kanari" not in f"{file}{file.assets}"


def test_all_sheets_that_are_shown_and_have_the_columns_are_read(path: Path) -> None:
    made = book([("Deckblatt",)])
    hidden, shown, other = made.create_sheet("alt"), made.create_sheet("AFG"), made.create_sheet("Burg")
    hidden.sheet_state = "hidden"
    hidden.append(["Inv.-Nr.", "Art", "Schule"])
    for row in ROWS:
        shown.append(list(row))
    for cells in (("Schule", "Inv.-Nr.", "Art"), ("burg", "B-1", "PC"), ("burg", "B-2", None)):
        other.append(list(cells))
    file = read(path, made)
    assert file.assets == (replace(IPAD, sheet="AFG"), Asset(2, "B-1", "pc", site="burg", sheet="Burg"))
    assert "sheet 'Burg', line 3: kind is empty: left out" in next(iter(warnings([file])))
    with opened(path) as sheets:
        assert (sheets.passed_over, [table.sheet for table in sheets.tables]) == (("Sheet",), ["AFG", "Burg"])


def test_a_sheet_without_its_columns_is_named(path: Path) -> None:
    with pytest.raises(Wrong, match=r"^'assets.xlsx': sheet 'Sheet', line 1: there is no column kind, site$"):
        read(path, book([("Inv.-Nr.", "Nutzer")]))


def test_a_formula_without_a_value_costs_its_row(path: Path) -> None:
    file = read(path, book([*ROWS, ("A-2", "PC", "=A1", "SN2", "afg"), ("A-3", "PC", "#REF!", "SN3", "afg")]))
    assert file.assets == (IPAD,)
    (said,) = warnings([file])
    assert "line 3: a formula without a value: open and save it in the spreadsheet program: left out" in said
    assert "line 4: a formula that could not be computed: left out" in said


def test_only_cells_that_are_taken_cost_a_row_and_formulas_below_the_table_are_none(path: Path) -> None:
    made = book([*ROWS, ("A-2", "PC", None, "SN2", "afg", None, "=1", 5, "#N/A"), *[(None,) * 6 + ("=1",)] * 3])
    made.save(path)
    rewrite(path, with_empty_results)
    file = read_assets(str(path))
    assert [(asset.asset_tag, asset.warranty_until) for asset in file.assets] == [
        ("100123", date(2027, 8, 20)),
        ("A-2", None),
    ]
    assert file.notes == ()


def test_formats_and_texts_that_are_huge_and_sheets_without_an_end_are_not_read(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book(ROWS).save(path)
    rewrite(path, with_a_huge_text)
    with pytest.raises(Wrong, match="a cell of more than 1 MB"):
        read_assets(str(path))
    monkeypatch.setattr(sheetxlsx, "MAX_EMPTY_LINES", 5)
    far = book([*ROWS, *[()] * 8, ("A-2", "PC", None, "SN2", "afg")])
    assert read(path, far).assets == (IPAD,)
    monkeypatch.setattr(sheetxlsx, "MAX_HELD_BYTES", 1000)
    with pytest.raises(Wrong, match="of formats"):
        read(path, book(ROWS))


def test_without_what_refuses_entities_no_workbook_is_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openpyxl, "DEFUSEDXML", False)
    with pytest.raises(Wrong, match="defusedxml is missing"):
        read(path, book(ROWS))


def test_merged_headings_of_two_lines_are_joined(path: Path) -> None:
    made = book(
        [
            ("Bestand der Schulen",),
            ("Inv.-Nr.", "Gerät", None, "Schule", "Anschaffung", None, "Garantie"),
            (None, "Art", "Modell", None, "Datum", "Preis", "bis"),
            ("A-1", "Beamer", "EB-1", "afg", "01.02.24", "389,00 €", "01.02.2029"),
        ]
    )
    assert made.active is not None
    made.active.merge_cells("B2:C2")
    made.active.merge_cells("E2:F2")
    (asset,) = read(path, made).assets
    assert (asset.asset_tag, asset.kind, asset.model, asset.site) == ("A-1", "projector", "EB-1", "afg")
    assert (asset.bought, asset.cost, asset.warranty_until) == (date(2024, 2, 1), 389.0, date(2029, 2, 1))


@pytest.mark.parametrize(
    ("heading", "site"),
    [
        ("Inv.-Nr.;Art;Schule;Standort", "a"),
        ("Inv.-Nr.;Art;Standort;Site", "b"),
        ("sep=;\nInv.-Nr.;Art;Standort;x", "a"),
    ],
)
def test_of_two_headings_for_one_column_the_plainer_is_taken(path: Path, heading: str, site: str) -> None:
    path.write_text(f"{heading}\n1;pc;a;b\n")
    assert read_assets(str(path)).assets[0].site == site


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("mark", ["\t", ";", ","])
def test_what_spreadsheet_programs_export_as_text(path: Path, encoding: str, mark: str) -> None:
    text = "Inventarnummer;Geräteart;Schule;Status\n1;Notebook;afg;ausgemustert\n2;PC;afg;irgendwo\n"
    path.write_bytes(text.replace(";", mark).encode(encoding))
    file = read_assets(str(path))
    assert [(asset.kind, asset.status) for asset in file.assets] == [("notebook", "retired"), ("pc", "unknown")]
    assert "line 3: status is none of in_use, stock, retired" in next(iter(warnings([file])))


def test_what_unpacks_to_too_much_is_not_opened(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheetxlsx, "MAX_UNPACKED_BYTES", 1000)
    with pytest.raises(Wrong, match="unpacks to more than"):
        read(path, book(ROWS))


def without(name: str, content: bytes) -> bytes | None:
    return None if name == "xl/workbook.xml" else content


def without_sheet(name: str, content: bytes) -> bytes | None:
    return None if "sheet1" in name else content


def cut(name: str, content: bytes) -> bytes:
    return content[:400] if "sheet1" in name else content


def with_entities(name: str, content: bytes) -> bytes:
    return BOMB + content if "sheet1" in name else content


def with_empty_results(name: str, content: bytes) -> bytes:
    """As Excel saves formulas that say nothing."""
    found = re.sub(rb'<c r="(G\d+)"><f>1</f><v ?/?>(</v>)?</c>', rb'<c r="\1" t="str"><f>1</f><v></v></c>', content)
    return found if "sheet1" in name else content


def with_a_huge_text(name: str, content: bytes) -> bytes:
    cell = b'<row r="3"><c r="A3" t="inlineStr"><is><t>' + b"x" * 3_000_000 + b"</t></is></c></row></sheetData>"
    return content.replace(b"</sheetData>", cell) if "sheet1" in name else content


def rewrite(path: Path, change: Callable[[str, bytes], bytes | None]) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = {name: change(name, archive.read(name)) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            if content is not None:
                archive.writestr(name, content)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (without, "is no workbook"),
        (without_sheet, "cannot be read as a workbook|no sheet"),
        (cut, "cannot be read as a workbook"),
        (with_entities, "cannot be read as a workbook"),
    ],
)
def test_a_workbook_that_is_broken_is_refused(
    path: Path, change: Callable[[str, bytes], bytes | None], message: str
) -> None:
    book(ROWS).save(path)
    rewrite(path, change)
    with pytest.raises(Wrong, match=message):
        read_assets(str(path))
