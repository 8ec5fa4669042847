"""What is kept of tests of alarm paths: since when they are awaited, when the last one arrived."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from agent.contract import AlarmTest, Deed
from agent.state import ledger, salvage, schema
from agent.state.database import Database
from agent.state.files import FILE_NAME
from agent.state.ledger import Ledger

TESTS = st.builds(
    AlarmTest,
    receiver=st.sampled_from(["anna", "bert"]),
    awaited_since=st.floats(0, 1e9),
    delivered_at=st.none() | st.floats(0, 1e9),
    ways=st.sampled_from(["", "a1b2"]),
)


def write(database: Database, *tests: AlarmTest) -> None:
    database.commit({}, done=Ledger(tests=tests))


def test_what_is_awaited_anew_does_not_forget_what_arrived(tmp_path: Path) -> None:
    database = Database.open(tmp_path)
    write(database, AlarmTest("anna", 100.0, 200.0), AlarmTest("bert", 100.0))
    write(database, AlarmTest("anna", 150.0))
    known = database.memory.alarm_tests
    assert known == {"anna": AlarmTest("anna", 150.0, 200.0), "bert": AlarmTest("bert", 100.0)}
    database.close()
    again = Database.open(tmp_path)
    assert again.memory.alarm_tests == known
    again.close()


def test_other_ways_have_not_taken_the_test_of_those_before(tmp_path: Path) -> None:
    database = Database.open(tmp_path)
    write(database, AlarmTest("anna", 100.0, 200.0, "a1b2"))
    write(database, AlarmTest("anna", 300.0, None, "c3d4"))
    assert database.memory.alarm_tests == {"anna": AlarmTest("anna", 300.0, None, "c3d4")}
    database.close()
    again = Database.open(tmp_path)
    assert again.memory.alarm_tests == {"anna": AlarmTest("anna", 300.0, None, "c3d4")}
    again.close()


@given(st.lists(TESTS, max_size=6))
def test_memory_and_file_agree(tests: list[AlarmTest]) -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        schema.migrate(connection)
        written = Ledger(tests=tuple(tests))
        ledger.write(connection, written)
        assert ledger.alarm_tests(connection) == written.tests_after({})


def test_they_are_saved_from_a_damaged_file_and_read_where_it_cannot_be_written(tmp_path: Path) -> None:
    database = Database.open(tmp_path)
    database.commit(
        {}, done=Ledger(deeds=(Deed(1.0, "daemon", "test", "x"),), tests=(AlarmTest("anna", 100.0, 200.0),))
    )
    database.close()
    assert salvage.peek(tmp_path / FILE_NAME).alarm_tests == {"anna": AlarmTest("anna", 100.0, 200.0)}
    with sqlite3.connect(tmp_path / FILE_NAME) as other:
        other.execute("INSERT INTO alarm_tests VALUES ('bert', -5, 'x', '')")
    again = Database.open(tmp_path)
    assert again.memory.alarm_tests == {"anna": AlarmTest("anna", 100.0, 200.0)}
    assert again.damaged
    again.close()


def test_a_ledger_of_tests_alone_is_something_to_write() -> None:
    one, other = Ledger(tests=(AlarmTest("anna", 1.0),)), Ledger(tests=(AlarmTest("bert", 2.0),))
    assert one
    assert (one + other).after(one) == other
    assert (one + other).without(one).tests == (one + other).tests
    assert not one.taken_back(5.0)
