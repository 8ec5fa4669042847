from __future__ import annotations

import errno
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config import spreadsheet
from config.assets import Asset, AssetFile, Note, warnings
from config.errors import Wrong
from config.spreadsheet import opened, read_assets

HEADER = "asset_tag;kind;model;serial;site;bought;warranty_until;cost\n"
TABLET = Asset(
    2, "A-1", "tablet", "iPad 9", "afg", date(2027, 8, 20), serial="SN1", bought=date(2021, 8, 20), cost=389.0
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "assets.csv"


def read(path: Path, content: str | bytes, encoding: str = "utf-8") -> AssetFile:
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return read_assets(str(path))


def row(path: Path, cells: str) -> Asset:
    (asset,) = read(path, HEADER + cells + "\n").assets
    return asset


def test_the_columns_of_the_interface(path: Path) -> None:
    file = read(path, HEADER + "A-1;tablet;iPad 9;SN1;afg;2021-08-20;2027-08-20;389,00\n")
    assert file == AssetFile(path, (TABLET,))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(path: Path, encoding: str, newline: str) -> None:
    text = HEADER + "Ä-1;Tafel;Größe ß;;afg;;;1.389,50 €\n\n;;;;;;;\nA-2;pc;;;afg\n"
    first, second = read(path, text.replace("\n", newline), encoding).assets
    assert first == Asset(2, "Ä-1", "Tafel", "Größe ß", site="afg", cost=1389.5)
    assert (second.line, second.asset_tag, second.site) == (5, "A-2", "afg")


def test_commas_quotes_and_other_columns(path: Path) -> None:
    text = 'Kosten; netto,"Cost",KIND, Site ,asset_tag,model\n"x;y","1,389.50",pc,rathaus,A-1,"Think ""L14""\ngrey"\n'
    (asset,) = read(path, text).assets
    assert asset == Asset(2, "A-1", "pc", 'Think "L14" grey', site="rathaus", cost=1389.5)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2027-06-30", date(2027, 6, 30)),
        ("2027-06-30 00:00:00", date(2027, 6, 30)),
        ("2027-06-30T00:00", date(2027, 6, 30)),
        ("30.06.2027", date(2027, 6, 30)),
        ("1.2.2027", date(2027, 2, 1)),
        ("30.06.27", date(2027, 6, 30)),
        (" 29.02.28 ", date(2028, 2, 29)),
        ("", None),
    ],
)
def test_dates(path: Path, text: str, day: date | None) -> None:
    assert row(path, f"A-1;pc;;;afg;;{text};").warranty_until == day


@pytest.mark.parametrize(
    "text",
    [
        "29.02.2027",
        "31.06.27",
        "06/30/2027",
        "2027-6-30",
        "30.06.x",
        "1900-01-00",
        "36 Monate",
        "31.12.9999",
        "٣٠.٠٦.٢٠٢٧",
    ],
)
def test_what_is_no_date_is_noted_and_not_quoted(path: Path, text: str) -> None:
    file = read(path, HEADER + f"A-1;pc;;;afg;;{text};\n")
    assert file.assets == (Asset(2, "A-1", "pc", site="afg"),)
    assert file.notes == (Note(2, "warranty_until is no date, e.g. 2027-06-30 or 30.06.2027"),)
    assert text not in next(iter(warnings([file])))


def test_rows_that_cannot_be_used_are_left_out_and_named(path: Path) -> None:
    rows = [
        ";pc;;;afg;;;",
        "A-1;pc;;;afg;;heute;",
        "A-2;pc;Dell; 7;rathaus;;2027-01-01;5;rest",
        "A-3;pc;;;afg;;morgen;",
        "Summe;;;;;;;5",
        "Stand 2027: bei Fragen Frau Kanarienvogel;;;;;;;",
        HEADER.strip().replace("serial", "Seriennummer"),
        ";;;;;;;",
    ]
    file = read(path, HEADER + "\n".join(rows))
    assert [asset.asset_tag for asset in file.assets] == ["A-1", "A-3"]
    date_hint = "is no date, e.g. 2027-06-30 or 30.06.2027"
    assert [str(note.text) for note in file.notes] == [
        "asset_tag is empty: left out",
        f"warranty_until {date_hint}",
        "more cells than columns: left out",
        "kind is empty, site is empty: left out",
    ]
    assert [(note.line, note.lines) for note in file.notes] == [(2, 1), (3, 2), (4, 1), (6, 2)]
    assert "Kanarienvogel" not in f"{file}{file.assets}"


def test_a_fault_that_all_rows_have_is_told_once(path: Path) -> None:
    file = read(path, HEADER + "".join(f"A-{number};pc;;;afg;;x;\n" for number in range(1400)))
    assert len(file.assets) == 1400
    (said,) = warnings([file])
    assert said == (f"assets: {path}: line 2 and 1399 more: warranty_until is no date, e.g. 2027-06-30 or 30.06.2027")


def test_a_quote_that_is_not_closed_costs_no_more_than_its_rows(path: Path) -> None:
    lost = 'A-0;pc;"19 Zoll;;;;;\n' + "".join(f"A-{number};pc;;;afg;;;\n" for number in range(1, 20_000))
    file = read(path, HEADER + lost)
    assert file.notes[0] == Note(2, "a quote that is not closed: left out", 50)
    assert [asset.line for asset in file.assets] == list(range(52, 20_002))


@pytest.mark.parametrize(
    "lines",
    [
        ['A-1;pc;"EB;SN1;afg;;1;Kanarienvogel', "A-2;pc;EB;SN2;afg;;1;Kim", 'A-3;pc;EB";SN3;afg;;1;Kim'],
        ['A-1;pc;EB;SN1;afg;;1;"Kanarienvogel', 'A-2;pc;EB;SN2;afg;;1;"Kim"'],
        ['A-1;pc;EB;SN1;afg;;1;"Kanarienvogel', 'A-2;pc;"EB";SN2;afg;;1;Kim'],
        ['A-1;pc;"EB;SN1;afg;;1;Kanarienvogel'],
    ],
)
def test_rows_that_a_quote_swallows_are_rejected_one_by_one(path: Path, lines: list[str]) -> None:
    text = "asset_tag;kind;model;serial;site;bought;cost;user;warranty_until\n"
    path.write_text(text + "A-0;pc;EB;SN0;afg;;;;\n" + "".join(f"{line};\n" for line in lines))
    with opened(path) as sheets:
        first, *others = (row for _, row in sheets.rows())
    assert first.asset is not None
    found = [row for row in others if row.asset is None]
    assert [row.line.number for row in found] == list(range(3, 3 + len(lines)))
    assert [";".join(map(str, row.line.cells)) for row in found] == [f"{line};" for line in lines]
    file = read_assets(str(path))
    assert "Kanarienvogel" not in f"{file}{file.assets}"


def test_a_remark_of_several_lines_costs_nothing(path: Path) -> None:
    text = 'asset_tag,kind,site,warranty_until,remark\nA-1,pc,afg,,"Raum 3, links\nSchrank 2, oben"\nA-2,pc,afg,,\n'
    assert [asset.asset_tag for asset in read(path, text).assets] == ["A-1", "A-2"]


def test_below_another_heading_nothing_is_told(path: Path) -> None:
    text = "asset_tag;kind;site;model\nA-1;pc;afg;x\nSchule;Inv.-Nr.;Art;Nutzer\nafg;A-2;pc;Kanarienvogel\n"
    file = read(path, text)
    assert [asset.asset_tag for asset in file.assets] == ["A-1"]
    assert (file.notes[-1].line, file.notes[-1].lines, "another heading" in file.notes[-1].text) == (3, 2, True)


def test_what_stands_for_nothing_is_nothing(path: Path) -> None:
    asset = row(path, "A-1;pc;-;k. A.;afg;0000-00-00;unbekannt;n/a")
    assert asset == Asset(2, "A-1", "pc", site="afg")


def test_a_number_that_was_cut_short_is_no_serial_number(path: Path) -> None:
    file = read(path, HEADER + "A-1;pc;;3,54E+14;afg;;;\n")
    assert file.assets[0].serial == ""
    assert "serial is a number cut short" in file.notes[0].text


@pytest.mark.parametrize(
    ("text", "day"), [("36 Monate", date(2024, 8, 31)), ("3 Jahre", date(2024, 8, 31)), ("6 Monate", date(2022, 2, 28))]
)
def test_a_warranty_may_be_a_length(path: Path, text: str, day: date) -> None:
    asset = row(path, f"A-1;pc;;;afg;31.08.2021 13:45;{text};")
    assert (asset.bought, asset.warranty_until) == (date(2021, 8, 31), day)


def test_nothing_else_of_a_row_is_kept(path: Path) -> None:
    text = "asset_tag;kind;site;user;warranty_until\nA-1;tablet;afg;Kim Kanarienvogel;x\nA-2;tablet;afg;Kanarienvogel"
    file = read(path, text + "\nKanarienvogel;tablet;afg;;;Kanarienvogel\n")
    assert len(file.assets) == 2
    assert "anarienvogel" not in f"{file}{file.assets}{file.notes}"


def test_what_a_terminal_would_act_upon_is_replaced(path: Path) -> None:
    asset = row(path, "A\x1b[2J;p\x7fump;\u202eevil;;afg;;;")
    assert (asset.asset_tag, asset.kind, asset.model) == ("A\ufffd[2J", "p\ufffdump", "\ufffdevil")
    assert len(row(path, f"A;pc;{'x' * 5000};;afg;;;").model) == 200


def test_a_file_without_warranties_says_so(path: Path) -> None:
    file = read(path, "asset_tag;kind;site\nA-1;pc;afg\n")
    assert list(warnings([file])) == [f"assets: {path}: line 1: no column warranty_until: no warranty is watched"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "line 1: there is no column asset_tag, kind, site"),
        (b"\n\n", "line 1: there is no column asset_tag, kind, site"),
        (b"A-1;tablet;Kim;afg\n", "line 1: there is no column asset_tag, kind, site"),
        (b"asset_tag|kind|site\n", "line 1: there is no column asset_tag, kind, site"),
        (b"asset_tag;kind\n", "line 1: there is no column site"),
        (b"site;kind;site;asset_tag\n", "line 1: column site is there twice"),
        ("asset_tag;kind;site\n".encode("utf-16-le"), "NUL bytes"),
        (b"\xff\xfea\x00\xd8", "neither UTF-8 nor Windows-1252"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "before 2007"),
        (b"PK\x03\x04 and no more", "no workbook"),
        (b"asset_tag;kind;site\nA;\0;x\n", "NUL bytes"),
        (b"asset_tag;kind;site\nA;\x81\xff;x\n", "neither UTF-8 nor Windows-1252"),
        (b'"' + b"x" * 200_000, "line 1: there is no column"),
    ],
)
def test_a_file_that_is_none_is_an_error(path: Path, content: bytes, message: str) -> None:
    with pytest.raises(Wrong, match=message) as caught:
        read(path, content)
    assert "Kim" not in f"{caught.value}{caught.value.hint}"


def test_sizes_are_capped(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "MAX_ROWS", 3)
    rows = "A;pc;;;afg\nB;pc;;;afg\nC;pc;;;afg\n"
    assert len(read(path, HEADER + rows).assets) == 3
    with pytest.raises(Wrong, match="more than 3 rows"):
        read(path, HEADER + rows + "D;pc\n")
    monkeypatch.setattr(spreadsheet, "MAX_BYTES", 20)
    with pytest.raises(Wrong, match="is larger than"):
        read(path, HEADER)


def test_a_file_that_may_not_be_read_is_an_error(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.write_text(HEADER)

    def refuse(_path: Path, _mode: str) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(Wrong, match=r"^'assets.csv': cannot be read: Permission denied$"):
        read_assets(str(path))


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=200) | st.text(alphabet='ab;,"\n\r 1.2-0\x85\u2028é', max_size=200).map(str.encode))
def test_whatever_it_holds_it_is_read_or_refused(path: Path, content: bytes) -> None:
    file = read(path, HEADER.encode() + content) if b"\0" not in content and decodes(content) else None
    if file is not None:
        assert file.noted >= len(file.notes)
        assert all(asset.asset_tag and asset.asset_tag.isprintable() for asset in file.assets)
    else:
        with pytest.raises(Wrong):
            read(path, HEADER.encode() + content)


def decodes(content: bytes) -> bool:
    for encoding in ("utf-8", "cp1252"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False
