"""Spreadsheets into the register: nothing is lost, nothing is written twice, nobody is named."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from agent.cli_assets import assets as commands
from config.sheetcells import FORMULA_MARKS
from config.spreadsheet import read_assets

REFERENCE = """asset_tag;kind;model;serial;site;bought;warranty_until;cost
AFG-T-0001;tablet;iPad 9;SNSYNTH0001;afg;2021-08-20;2024-08-20;389,00
RH-S-0001;server;ProLiant DL380;SNSYNTH0201;rathaus;2019-11-15;2024-11-15;7420,00
"""
DELIVERY = """Bestandsliste 2026
Inv.-Nr.;Art;Modell;Serien-Nr.;Schule;Garantie bis;Preis;Nutzer
AFG-T-0001;Tablet;;SNSYNTH 0001;afg;20.08.26;;Kim Kanari
;Server;DL380 G9;snsynth0201;;;;Kim Kanari
AFG-T-0009;iPad;=cmd|' /C calc'!A0;SN9;afg;;1.389,50 €;Kim Kanari
AFG-T-0010;iPad;x;SN10;afg;irgendwann;;Kim Kanari
AFG-T-0011;iPad;x;SN9;afg;;;Kim Kanari
;iPad;x;;afg;;;Kim Kanari
"""


@pytest.fixture
def register(tmp_path: Path) -> Path:
    path = tmp_path / "assets.csv"
    path.write_text(REFERENCE)
    return path


def run(*arguments: object) -> tuple[int, str]:
    found = CliRunner().invoke(commands, ["import", *map(str, arguments)])
    return found.exit_code, found.output


def delivered(register: Path, text: str = DELIVERY) -> Path:
    path = register.with_name("delivery.csv")
    path.write_text(text, encoding="cp1252")
    return path


def test_rows_are_merged_by_asset_tag_then_by_serial_number(register: Path) -> None:
    code, said = run(delivered(register), "--into", register)
    assert code == 1
    assert "1 new, 2 changed (warranty_until 1, model 1), 0 same, 3 rejected\n" in said
    assert "line 6: warranty_until is no date, e.g. 2027-06-30 or 30.06.2027\n" in said
    assert "line 7: asset_tag or serial is there already, in line 5\nline 8: asset_tag is empty\n" in said
    assert "site (Schule)" in said
    assert "not taken: Nutzer\n" in said
    first, server, new = read_assets(str(register)).assets
    assert (first.model, str(first.warranty_until), first.cost) == ("iPad 9", "2026-08-20", 389.0)
    assert (server.asset_tag, server.model, server.site) == ("RH-S-0001", "DL380 G9", "rathaus")
    assert (new.model, new.cost) == ("=cmd|' /C calc'!A0", 1389.5)


def test_nobody_and_no_formula_gets_into_the_register(register: Path) -> None:
    _, said = run(delivered(register), "--into", register)
    text = register.read_text()
    assert "Kanari" not in said + text
    assert not any(cell.startswith(FORMULA_MARKS) for line in text.splitlines() for cell in line.split(";"))


def test_rejected_rows_are_kept_whole_to_be_mended(register: Path) -> None:
    rejected = register.with_name("rejected.csv")
    run(delivered(register), "--into", register, "--rejected", rejected)
    assert stat.S_IMODE(rejected.stat().st_mode) == 0o600
    text = rejected.read_text(encoding="utf-8-sig")
    assert text.startswith("line;reason;Inv.-Nr.;Art;Modell;Serien-Nr.;Schule;Garantie bis;Preis;Nutzer\n")
    assert text.count("Kim Kanari") == 3
    rejected.write_text(text.replace("irgendwann", "30.06.2028"))
    code, said = run(rejected, "--into", register)
    assert (code, "1 new, " in said) == (1, True)


def test_a_dry_run_writes_nothing(register: Path) -> None:
    rejected = register.with_name("rejected.csv")
    code, said = run(delivered(register), "--into", register, "--dry-run", "--rejected", rejected)
    assert (code, register.read_text(), rejected.exists()) == (1, REFERENCE, False)
    assert "not written (--dry-run): 1 new" in said


def test_what_says_nothing_new_leaves_the_file_as_it_is(register: Path) -> None:
    before = register.stat().st_ino
    code, said = run(delivered(register, REFERENCE), "--into", register)
    assert (code, "0 new, 0 changed, 2 same, 0 rejected" in said, register.stat().st_ino) == (0, True, before)


def test_a_register_is_written_as_it_was_read(register: Path) -> None:
    other = register.with_name("other.csv")
    assert run(register, "--into", other)[0] == 0
    assert other.read_text() == REFERENCE
    assert list(register.parent.glob(".*")) == []


def test_rows_without_a_site_are_of_the_one_that_is_named(register: Path) -> None:
    text = "Inventarnummer;Art;Betriebssystem;Status\nA-1;PC;Windows 11;Lager\n"
    assert "there is no column site" in run(delivered(register, text), "--into", register)[1]
    assert run(delivered(register, text), "--into", register, "--site", "afg")[0] == 0
    header, *_, last = register.read_text().splitlines()
    assert header == "asset_tag;kind;model;serial;site;bought;warranty_until;cost;os;status"
    assert last == "A-1;pc;;;afg;;;;Windows 11;stock"


def test_sites_are_found_by_id_or_name_where_a_configuration_is_named(register: Path) -> None:
    (register.parent / "ringwacht.yml").write_text("sites: {afg: {name: Anne-Frank-Gymnasium, kind: school}}\n")
    text = "Inventarnummer;Art;Schule\nA-1;PC;anne-frank-gymnasium\nA-2;PC;AFG\nA-3;PC;Burg\n"
    code, said = run(delivered(register, text), "--into", register, "--config", register.parent)
    assert (code, "line 4: site is none of the configuration's\n" in said) == (1, True)
    assert [asset.site for asset in read_assets(str(register)).assets[2:]] == ["afg", "afg"]
    code, said = run(delivered(register, text), "--into", register, "--config", register.parent, "--site", "x")
    assert (code, "none of the configuration's sites" in said) == (1, True)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (REFERENCE.replace("2024-11-15", "morgen"), "line 3: warranty_until is no date"),
        (REFERENCE.replace("cost\n", "cost;note\n"), "column 9 is none of the register's and would be lost"),
        (REFERENCE.replace("RH-S-0001", ""), "line 3: asset_tag is empty: mend it first; nothing is written"),
        ("x\n", "there is no column"),
    ],
)
def test_a_register_of_which_something_would_be_lost_is_not_touched(register: Path, text: str, message: str) -> None:
    register.write_text(text)
    code, said = run(delivered(register), "--into", register)
    assert (code, register.read_text()) == (1, text)
    assert message in said


def test_a_serial_number_of_another_asset_tag_is_rejected(register: Path) -> None:
    _, said = run(
        delivered(register, "asset_tag;kind;site;serial\nRH-S-0001;server;rathaus;SNSYNTH0001\n"), "--into", register
    )
    assert "line 2: serial is that of another asset_tag\n" in said
    assert register.read_text() == REFERENCE


def test_a_state_that_is_not_said_stays(register: Path) -> None:
    register.write_text("asset_tag;kind;site;status\nA-1;pc;afg;retired\nA-2;pc;afg;\n")
    run(delivered(register, "asset_tag;kind;site;status;model\nA-1;pc;afg;;x\nA-2;pc;afg;Lager;\n"), "--into", register)
    assert [asset.status for asset in read_assets(str(register)).assets] == ["retired", "stock"]


def test_what_cannot_be_read_or_written_is_said(register: Path) -> None:
    assert "it holds NUL bytes" in run(delivered(register, "\0"), "--into", register)[1]
    for arguments in (
        ("--into", "none/assets.csv"),
        ("--into", register, "--rejected", register.with_name("no") / "m"),
    ):
        code, said = run(delivered(register), *arguments)
        assert (code, "cannot be written: there is no such folder" in said) == (1, True)
    assert register.read_text() == REFERENCE
    assert "is the register itself" in run(register, "--into", register)[1]


@pytest.mark.parametrize("name", ["assets.csv", "delivery.csv", "link.csv"])
def test_no_file_is_replaced_by_its_rejected_rows(register: Path, name: str) -> None:
    register.with_name("link.csv").symlink_to(register)
    source = delivered(register)
    before = source.read_bytes()
    code, said = run(source, "--into", register, "--rejected", register.with_name(name))
    assert (code, "would be replaced" in said) == (1, True)
    assert (register.read_text(), source.read_bytes()) == (REFERENCE, before)


@pytest.mark.parametrize("title", [True, False])
def test_a_workbook_or_a_title_is_not_replaced_by_a_table_of_text(register: Path, title: bool) -> None:
    if title:
        register.write_text("Bestand;;\n" + REFERENCE)
    else:
        openpyxl.Workbook().save(register)
    before = register.read_bytes()
    code, said = run(delivered(register), "--into", register)
    assert (code, ("a line above the headings" if title else "is a workbook") in said) == (1, True)
    assert register.read_bytes() == before


def test_the_owner_and_the_mode_of_the_register_stay(register: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[tuple[int, int]] = []

    def note(_descriptor: int, owner: int, group: int) -> None:
        given.append((owner, group))

    monkeypatch.setattr(os, "fchown", note)
    register.chmod(0o640)
    run(delivered(register), "--into", register, "--rejected", register.with_name("mend.csv"))
    known = register.stat()
    assert stat.S_IMODE(known.st_mode) == 0o640
    assert given == [(-1, known.st_gid), (known.st_uid, -1)]  # and not of the rejected rows


def test_tags_that_differ_in_a_dash_are_two_devices(register: Path) -> None:
    text = "asset_tag;kind;site;serial\nAFG-1-12;pc;afg;S0001\nAFG-11-2;pc;afg;S0002\nafg–1–12;pc;afg;\n"
    _, said = run(delivered(register, text), "--into", register)
    assert "2 new, 0 changed, 0 same, 1 rejected" in said
    assert "line 4: asset_tag or serial is there already, in line 2\n" in said


def test_no_asset_gets_another_tag_because_of_its_serial_number(register: Path) -> None:
    register.write_text(REFERENCE.replace("SNSYNTH0201", "siehe Aufkleber"))
    text = "asset_tag;kind;site;serial\nX-1;pc;afg;siehe Aufkleber\nX-2;pc;afg;SNSYNTH0001\nX-3;pc;afg;3,5E+14\n"
    _, said = run(delivered(register, text), "--into", register)
    assert "1 new, 0 changed, 0 same, 2 rejected" in said
    assert "line 3: serial is that of another asset_tag, in line 2 of the register\n" in said
    assert "line 4: serial is a number cut short" in said


def test_a_status_of_which_nothing_is_known_stays(register: Path) -> None:
    register.write_text("asset_tag;kind;site;status\nA-1;pc;afg;retired\n")
    run(delivered(register, "asset_tag;kind;site;status\nA-1;pc;afg;-\n"), "--into", register)
    assert read_assets(str(register)).assets[0].status == "retired"


def test_sheets_are_named_and_their_rejected_rows_are_told_apart(register: Path) -> None:
    made, path = openpyxl.Workbook(), register.with_name("delivery.xlsx")
    made.active = made.create_sheet("AFG")
    filled: dict[str, list[tuple[str | None, ...]]] = {
        "AFG": [("Inv.-Nr.", "Art", "Schule", "Nutzer"), ("A-1", "PC", "afg", None), ("A-2", "", "afg", "Kim")],
        "Burg": [("Standort", "Nutzer", "Inv.-Nr.", "Art"), ("burg", "Lena", "B-1", ""), ("burg", "", "A-1", "PC")],
    }
    for name, rows in filled.items():
        sheet = made[name] if name in made.sheetnames else made.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    made.save(path)
    rejected = register.with_name("mend.csv")
    _, said = run(path, "--into", register, "--rejected", rejected)
    assert "sheet 'Burg': columns taken: asset_tag (Inv.-Nr.), kind (Art), site (Standort); not taken: Nutzer\n" in said
    assert "sheets without the columns: 'Sheet'\n" in said
    assert "sheet 'Burg', line 3: asset_tag or serial is there already, in sheet 'AFG', line 2\n" in said
    assert [line.split(";")[2:] for line in rejected.read_text(encoding="utf-8-sig").splitlines()] == [
        ["Inv.-Nr.", "Art", "Schule", "Nutzer"],
        ["A-2", "", "afg", "Kim"],
        ["B-1", "", "burg", "Lena"],
        ["A-1", "PC", "burg", ""],
    ]
