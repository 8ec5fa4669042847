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
from config.spreadsheet import read_assets

HEADER = "asset_tag;kind;model;serial;site;bought;warranty_until;cost\n"
TABLET = Asset(2, "A-1", "tablet", "iPad 9", "afg", date(2027, 8, 20))


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
    text = HEADER + "Ä-1;Tafel;Größe ß;;afg;;;1.389,50 €\n\n;;;;;;;\nA-2;pc\n"
    first, second = read(path, text.replace("\n", newline), encoding).assets
    assert first == Asset(2, "Ä-1", "Tafel", "Größe ß", site="afg")
    assert (second.line, second.asset_tag, second.site) == (5, "A-2", None)


def test_commas_quotes_and_other_columns(path: Path) -> None:
    text = (
        'Kosten; netto,"Cost",KIND, Site ,asset_tag,model\n"x;y","1,389.50",pc,rathaus,A-1,"ThinkPad, ""L14""\ngrey"\n'
    )
    (asset,) = read(path, text).assets
    assert asset == Asset(2, "A-1", "pc", 'ThinkPad, "L14" grey', site="rathaus")


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
    assert row(path, f"A-1;pc;;;;;{text};").warranty_until == day


@pytest.mark.parametrize(
    "text", ["29.02.2027", "31.06.27", "06/30/2027", "2027-6-30", "30.06.x", "1900-01-00", "31.12.9999", "٣٠.٠٦.٢٠٢٧"]
)
def test_what_is_no_date_is_noted_and_not_quoted(path: Path, text: str) -> None:
    file = read(path, HEADER + f"A-1;pc;;;;;{text};\n")
    assert file.assets == (Asset(2, "A-1", "pc"),)
    assert file.notes == (Note(2, "warranty_until is no date, e.g. 2027-06-30 or 30.06.2027"),)
    assert text not in next(iter(warnings([file])))


def test_columns_that_nothing_reads_are_neither_judged_nor_kept(path: Path) -> None:
    file = read(path, HEADER + "A-1;pc;;KANARI;;gestern KANARI;;viel KANARI\n")
    assert file == AssetFile(path, (Asset(2, "A-1", "pc"),))
    assert "KANARI" not in repr(file.assets)


def test_rows_that_cannot_be_used_are_left_out_and_named(path: Path) -> None:
    rows = [
        ";pc;;;;;;",
        "A-1;pc;;;;;heute;",
        "A-2;pc;Dell; 7;rathaus;;2027-01-01;5;rest",
        "A-3;pc;;;;gestern;morgen;viel",
    ]
    file = read(path, HEADER + "\n".join(rows))
    assert [asset.asset_tag for asset in file.assets] == ["A-1", "A-3"]
    date_hint = "is no date, e.g. 2027-06-30 or 30.06.2027"
    assert [str(note.text) for note in file.notes] == [
        "asset_tag is empty: left out",
        f"warranty_until {date_hint}",
        "more cells than columns: left out",
    ]
    assert [(note.line, note.lines) for note in file.notes] == [(2, 1), (3, 2), (4, 1)]


def test_a_fault_that_all_rows_have_is_told_once(path: Path) -> None:
    file = read(path, HEADER + "".join(f"A-{number};pc;;;;;x;\n" for number in range(1400)))
    assert len(file.assets) == 1400
    (said,) = warnings([file])
    assert said == (f"assets: {path}: line 2 and 1399 more: warranty_until is no date, e.g. 2027-06-30 or 30.06.2027")


def test_a_quote_that_is_not_closed_costs_no_more_than_its_rows(path: Path) -> None:
    lost = 'A-0;pc;"19 Zoll;;;;;\n' + "".join(f"A-{number};pc;;;;;;\n" for number in range(1, 20_000))
    file = read(path, HEADER + lost)
    assert file.notes[0] == Note(2, "a quote that is not closed: left out")
    assert len(file.assets) > 10_000


def test_nothing_else_of_a_row_is_kept(path: Path) -> None:
    text = "asset_tag;kind;site;user;warranty_until\nA-1;tablet;afg;Kim Kanarienvogel;x\nA-2;tablet;afg;Kanarienvogel"
    file = read(path, text + "\nKanarienvogel;tablet;afg;;;Kanarienvogel\n")
    assert len(file.assets) == 2
    assert "anarienvogel" not in f"{file}{file.assets}{file.notes}"


def test_what_a_terminal_would_act_upon_is_replaced(path: Path) -> None:
    asset = row(path, "A\x1b[2J;p\x7fc;\u202eevil;;;;;")
    assert (asset.asset_tag, asset.kind, asset.model) == ("A\ufffd[2J", "p\ufffdc", "\ufffdevil")
    assert len(row(path, f"A;pc;{'x' * 5000};;;;;").model) == 200


def test_a_file_without_warranties_says_so(path: Path) -> None:
    file = read(path, "asset_tag;kind;site\nA-1;pc;afg\n")
    assert list(warnings([file])) == [f"assets: {path}: line 1: no column warranty_until: no warranty is watched"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "line 1: there is no column asset_tag, kind, site"),
        (b"\n\n", "line 1: there is no column asset_tag, kind, site"),
        (b"A-1;tablet;Kim;afg\n", "line 1: there is no column asset_tag, kind, site"),
        (b"asset_tag\tkind\tsite\n", "line 1: there is no column asset_tag, kind, site"),
        (b"asset_tag;kind\n", "line 1: there is no column site"),
        (b"site;kind;site;asset_tag\n", "line 1: column site is there twice"),
        ("asset_tag;kind;site\n".encode("utf-16"), "NUL bytes"),
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
    assert len(read(path, HEADER + "A;pc\nB;pc\nC;pc\n").assets) == 3
    with pytest.raises(Wrong, match="more than 3 rows"):
        read(path, HEADER + "A;pc\nB;pc\nC;pc\nD;pc\n")
    monkeypatch.setattr(spreadsheet, "MAX_BYTES", 20)
    with pytest.raises(Wrong, match="is larger than"):
        read(path, HEADER)


def test_a_file_that_may_not_be_read_is_an_error(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.write_text(HEADER)

    def refuse(_path: Path, _mode: str) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(Wrong, match=r"^cannot read 'assets.csv': Permission denied$"):
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
