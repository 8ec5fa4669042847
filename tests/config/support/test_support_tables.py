"""Tables of when support ends: the shipped one, one's own, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from agent.risk.rules import RULE_OPTIONS
from config.errors import ConfigError, Wrong
from config.loader import load
from config.support.reading import MAX_BYTES, find_release, find_support, find_system, read_support, rows_of, shipped
from config.support.table import Supported, SupportTable, parts_of

HEAD = b"system;version;ends\n"


def ends(system: str, version: str, product: str = "") -> date | None:
    row = find_support((), system, version, product)
    return None if row is None else row.ends


def test_the_version_that_begins_so_longest_is_meant() -> None:
    assert ends("debian", "12.5") == date(2028, 6, 30)
    assert ends("rhel", "9.4") == date(2032, 5, 31)
    assert ends("Windows", "10.0.19045.4529") == date(2025, 10, 14)
    assert (ends("debian", "1"), ends("debian", "120"), ends("iPadOS", "18.1"), ends("debian", "")) == (None,) * 4


def test_parts_of_versions_are_told_apart_by_any_mark() -> None:
    assert parts_of("WC.16.10.0012") == ("wc", "16", "10", "0012")
    assert parts_of("v2.10-rc1") == ("2", "10", "rc1")
    assert parts_of(" 15 SP5 ") == ("15", "sp5")


def test_the_longest_system_in_the_name_of_a_product_is_meant() -> None:
    assert find_system((), "Microsoft Windows Server 2022 Standard") == "windows server"
    assert find_system((), "Windows 11 Pro") == "windows"
    assert find_system((), "Aruba 2930F") is None


def test_the_longest_system_of_all_tables_is_meant_whichever_table_is_first() -> None:
    own = SupportTable.of([Supported("Windows", "10.0.19045", date(2028, 10, 10), "10 22H2 ESU")])
    assert find_system((own,), "Microsoft Windows Server 2016 Standard") == "windows server"


def test_names_are_compared_by_their_words_in_any_alphabet() -> None:
    own = SupportTable.of([Supported("ÄÖ", "1", date(2027, 1, 1)), Supported("—", "1", date(2027, 1, 1))])
    assert find_system((own,), "debian") == "debian"
    assert find_system((own,), "Ältere äö 3") == "äö"
    assert find_system((own,), "—") is None


def test_of_many_systems_that_share_a_word_the_right_one_is_found() -> None:
    own = SupportTable.of([Supported(f"Aruba {number}F switch", "1", date(2027, 1, 1)) for number in range(300)])
    assert own.system_in("HPE Aruba 217F switch 48G") == "aruba 217f switch"
    assert own.system_in("HPE Aruba 999F switch 48G") is None
    assert max(map(len, own.named.values())) == 1


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("Windows 10 22H2", "10.0.19045"),
        ("Windows 10 Pro 22H2", "10.0.19045"),
        ("Windows 10 (10.0.19045)", "10.0.19045"),
        ("Windows Server 2012 R2 Standard", "6.3"),
        ("Windows Server 2012", "6.2"),
        ("Windows 8.1", "6.3"),
        ("Windows XP", "5.1"),
        ("Debian 12.10", "12"),
        ("Ubuntu 22.04.3 LTS", "22.04"),
        ("SLES 15 SP5", "15.5"),
        ("VMware ESXi 7.0 U3", "7.0"),
        ("Windows 10", None),
        ("Windows 11 Build 8", None),
    ],
)
def test_a_version_as_people_write_it(text: str, version: str | None) -> None:
    row = find_release((), find_system((), text) or "", text)
    assert (row and row.version) == version


@pytest.mark.parametrize(
    ("system", "version", "product", "day", "latest"),
    [
        ("windows", "5.1.2600", "", "2014-04-08", None),
        ("windows", "6.1.7601", "", "2020-01-14", None),
        ("windows", "10.0.10240", "Windows 10 Enterprise 2015 LTSB", "2025-10-14", None),
        ("windows", "10.0.10586", "", "2017-10-10", None),
        ("windows", "10.0.15063", "Windows 10 Education", "2019-10-08", None),
        ("windows", "10.0.16299", "Windows 10 Enterprise", "2020-10-13", None),
        ("windows", "10.0.17134", "Windows 10 Pro", "2019-11-12", None),
        ("windows", "10.0.17763", "Windows 10 Enterprise LTSC", "2029-01-09", None),
        ("windows", "10.0.19044", "Windows 10 IoT Enterprise LTSC", "2032-01-13", None),
        ("windows", "10.0.19044", "Windows 10 Enterprise LTSC", "2027-01-12", None),
        ("windows", "10.0.19045", "Windows 10 Pro", "2025-10-14", None),
        ("windows", "10.0.22631", "Windows 11 Pro", "2025-11-11", None),
        ("windows", "10.0.22631", "Windows", "2025-11-11", "2026-11-10"),
        ("windows", "10.0.26100", "Windows 11 Education", "2027-10-12", None),
        ("windows", "10.0.26100", "Windows 11 IoT Enterprise LTSC", "2034-10-10", None),
        ("windows", "10.0.26200", "Windows 11 Pro", "2027-10-12", None),
        ("windows server", "6.0.6003", "", "2020-01-14", None),
        ("windows server", "6.3.9600", "", "2023-10-10", None),
        ("windows server", "10.0.14393", "", "2027-01-12", None),
        ("windows server", "10.0.17763", "", "2029-01-09", None),
        ("windows server", "10.0.20348", "", "2031-10-14", None),
        ("windows server", "10.0.25398", "", "2025-10-24", None),
        ("debian", "8.11", "", "2020-06-30", None),
        ("debian", "11", "", "2026-08-31", None),
        ("debian", "12", "", "2028-06-30", None),
        ("ubuntu", "14.04", "", "2019-04-25", None),
        ("ubuntu", "20.04", "", "2025-05-29", None),
        ("rhel", "7.9", "", "2024-06-30", None),
        ("centos", "9", "", "2027-05-31", None),
        ("sles", "15.3", "", "2022-12-31", None),
        ("sles", "15.6", "", "2025-12-31", None),
        ("esxi", "7.0.3", "", "2025-10-02", None),
        ("proxmox ve", "7.4", "", "2024-07-31", None),
    ],
)
def test_days_of_the_shipped_table(system: str, version: str, product: str, day: str, latest: str | None) -> None:
    row = find_support((), system, version, product)
    assert row is not None
    assert (row.ends.isoformat(), row.latest and row.latest.isoformat()) == (day, latest)


def test_a_row_of_ones_own_goes_before_the_shipped_one() -> None:
    own = SupportTable.of([Supported("Windows", "10.0", date(2028, 10, 10), "10 ESU")])
    row = find_support((own,), "windows", "10.0.19045")
    assert row is not None
    assert (row.ends, row.name) == (date(2028, 10, 10), "10 ESU")


def test_the_shipped_table_is_sound() -> None:
    rows = [row for versions in shipped().systems.values() for many in versions.values() for row in many]
    assert len(rows) > 60
    assert all(row.source for row in rows)
    assert len({(row.system, row.version, row.edition) for row in rows}) == len(rows)
    for versions in shipped().systems.values():
        assert all(not row.edition or len(many) > 1 for many in versions.values() for row in many)


def test_a_table_as_german_spreadsheets_write_it() -> None:
    text = "System;Version;Ends;Release;Note\r\nKücheldisplay;7;31.12.2026;7 LTS;x\r\n\r\n"
    assert rows_of(text.encode("cp1252")) == [Supported("Kücheldisplay", "7", date(2026, 12, 31), "7 LTS")]


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "line 1: there is no column system, version, ends"),
        (b"system;ends\n", "line 1: there is no column version"),
        (HEAD + b";1;2027-01-01\n", "line 2: system is empty"),
        (HEAD + "—;1;2027-01-01\n".encode(), "line 2: system holds neither letters nor digits"),
        (HEAD + b"a;.;2027-01-01\n", "line 2: version is empty"),
        (HEAD + b"a;1;\n", "line 2: ends is empty"),
        (HEAD + b"a;1;2027-13-01\n", "line 2: ends: '2027-13-01' is no day"),
        (HEAD + b"a;1\n", "line 2: ends is empty"),
        (HEAD + b"a;1;2027-01-01;x\n", "line 2: more cells than columns"),
        (HEAD + b"a;1;x\n" * 5, "line 2: ends: 'x' is no day; line 3: ends: 'x' is no day; line 4: ends: 'x' is no day"
         " (and 2 more lines)"),
        (b"\0" + HEAD, "is no CSV text: it holds NUL bytes"),
        (b"x" * (MAX_BYTES + 1), "is larger than 4 MB"),
    ],
)  # fmt: skip
def test_what_is_wrong_names_line_and_column(raw: bytes, message: str) -> None:
    with pytest.raises(Wrong) as caught:
        rows_of(raw)
    assert str(caught.value) == message


def test_a_table_that_is_wrong_refuses_the_configuration_with_file_line_and_field(
    write: Callable[..., Path], tmp_path: Path
) -> None:
    (tmp_path / "own.csv").write_text("system;version;ends\nAruba 2930F;WC.16;soon\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"end_of_support\[0\]: 'own.csv': line 2: ends: 'soon' is no day"):
        load(write(f"end_of_support: ['{tmp_path / 'own.csv'}']"), {}, RULE_OPTIONS)


def test_a_table_is_loaded_with_the_configuration(write: Callable[..., Path], tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("system;version;ends\nAruba 2930F;WC.16;2027-01-31\n", encoding="utf-8")
    (table,) = load(write(f"end_of_support: ['{path}']"), {}, RULE_OPTIONS).inventory.end_of_support
    assert find_support((table,), "aruba 2930f", "WC.16.11") == Supported("Aruba 2930F", "WC.16", date(2027, 1, 31))
    assert read_support(table) is table
