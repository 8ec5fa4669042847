"""States that are kept for years: what was committed is there again, once, in order, and is forgotten last."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from agent.estate import StateChange
from agent.state import files, standings
from agent.state.database import Database
from agent.state.files import FILE_NAME
from agent.state.ledger import Ledger
from agent.subject import Subject

PORTAL, LINE = Subject("service", "portal"), Subject("link", "line")
DAY, NOW = 86400.0, 1_800_000_000.0


def up(at: float, subject: Subject = PORTAL) -> StateChange:
    return StateChange(at, subject, "up")


def down(at: float, subject: Subject = PORTAL) -> StateChange:
    return StateChange(at, subject, "down", "no answer", LINE)


def keep(directory: Path, *changes: StateChange, alive: float | None = None) -> None:
    database = Database.open(directory)
    database.commit({}, done=Ledger(changes=changes))
    if alive is not None:
        database.record_alive(alive)
    database.close()


def kept(directory: Path) -> tuple[StateChange, ...]:
    with closing(Database.open(directory)) as database:
        return database.take_states()


def test_what_was_written_comes_back_by_time_and_is_handed_on_once(tmp_path: Path) -> None:
    keep(tmp_path, down(NOW + 1), up(NOW, LINE), alive=NOW + 60)
    with closing(Database.open(tmp_path)) as database:
        assert database.memory.alive_at == NOW + 60
        assert database.take_states() == (up(NOW, LINE), down(NOW + 1))
        assert database.take_states() == ()


def test_a_commit_that_is_made_again_adds_nothing_and_one_that_knows_better_replaces(tmp_path: Path) -> None:
    changes = (up(NOW), down(NOW + 1))
    keep(tmp_path, *changes)
    keep(tmp_path, *changes, up(NOW + 2))
    better = StateChange(NOW + 2, PORTAL, "upstream", "cut off", LINE)
    keep(tmp_path, better)
    assert kept(tmp_path) == (*changes, better)


def test_what_a_clock_wrote_that_was_ahead_is_gone_once_it_is_right(tmp_path: Path) -> None:
    keep(tmp_path, up(NOW), alive=NOW + 1)
    with closing(Database.open(tmp_path)) as database:
        database.commit({}, done=Ledger(changes=(down(NOW + 9e6), down(NOW + 9e6, LINE))))
        database.commit({}, done=Ledger(changes=(up(NOW + 5),)))
    assert kept(tmp_path) == (up(NOW), up(NOW + 5), down(NOW + 9e6, LINE))


def test_a_clock_that_is_behind_deletes_nothing_that_an_earlier_daemon_wrote(tmp_path: Path) -> None:
    known = (up(NOW), down(NOW + 1), up(NOW + 2))
    keep(tmp_path, *known, alive=NOW + 60)
    keep(tmp_path, down(NOW - 700 * DAY))
    assert kept(tmp_path) == (down(NOW - 700 * DAY), *known)


def test_a_clock_that_is_far_ahead_forgets_nothing(tmp_path: Path) -> None:
    keep(tmp_path, up(NOW), down(NOW + 1), alive=NOW + 60)
    with closing(Database.open(tmp_path)) as database:
        database.prune(NOW + 70 * 366 * DAY)
    assert kept(tmp_path) == (up(NOW), down(NOW + 1))


def test_of_what_is_long_past_only_how_the_time_since_began_is_read(tmp_path: Path) -> None:
    old = [up(NOW - 900 * DAY), down(NOW - 800 * DAY), up(NOW - 700 * DAY), down(NOW - 10)]
    keep(tmp_path, *old, up(NOW - 2000 * DAY, LINE), alive=NOW)
    assert kept(tmp_path) == (up(NOW - 2000 * DAY, LINE), *old[1:])


def test_the_past_of_one_subject_is_read_from_the_file_with_how_it_began(tmp_path: Path) -> None:
    keep(tmp_path, up(NOW), down(NOW + 10), up(NOW + 20), down(NOW + 30), down(NOW + 15, LINE))
    with closing(Database.open(tmp_path)) as database:
        assert database.history("service:portal", NOW + 15, NOW + 30) == (down(NOW + 10), up(NOW + 20))
        assert database.history("service:portal", NOW - 5, NOW) == ()
        assert database.history("service:nobody", 0, NOW * 2) == ()


def test_after_ten_years_all_but_the_state_of_that_time_is_forgotten(tmp_path: Path) -> None:
    keep(tmp_path, up(NOW), down(NOW + 1), up(NOW + 2), up(NOW, LINE), alive=NOW + standings.YEARS_SECONDS)
    with closing(Database.open(tmp_path)) as database:
        database.prune(NOW + 10 + standings.YEARS_SECONDS)
        assert database.history("service:portal", 0, NOW * 2) == (up(NOW + 2),)
        assert database.history("link:line", 0, NOW * 2) == (up(NOW, LINE),)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("state", "'odd'"),
        ("at", "'never'"),
        ("at", "9e99"),
        ("why", "x'01'"),
        ("subject", "x'6162'"),
        ("cause", "x'01'"),
    ],
)
def test_a_row_that_makes_no_sense_is_left_out_of_what_is_saved(tmp_path: Path, column: str, value: str) -> None:
    keep(tmp_path, up(NOW), down(NOW + 1), alive=NOW + 60)
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as file, file:
        file.execute(f"UPDATE states SET {column} = {value} WHERE at = ?", (NOW + 1,))  # noqa: S608  # as above
    assert kept(tmp_path) == (up(NOW),)
    assert files.kept_aside(tmp_path)
    with closing(Database.open(tmp_path)) as database:
        assert database.memory.alive_at == NOW + 60
