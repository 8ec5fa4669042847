"""What is forgotten, and what is kept: once a day."""

from __future__ import annotations

from pathlib import Path

from agent.contract import Transition
from agent.state.database import HISTORY_SECONDS, MESSAGES_SECONDS, Database
from tests.agent.state.test_database import alert, by_key, delivered, history, message, open_messages


def test_prune_keeps_what_is_undelivered(tmp_path: Path) -> None:
    database = Database.open(tmp_path)
    one = alert()
    database.commit(by_key(one), [Transition(one, None, 130.0)], [message(one), message(one, "it-team")])
    database.record([delivered(message(one, "it-team"), 131.0)])
    database.prune(131.0 + HISTORY_SECONDS + 1)
    assert history(tmp_path) == []
    assert [found.receiver for found in open_messages(tmp_path)] == ["on-call"]


def test_messages_that_came_to_their_end_go_after_ninety_days_and_transitions_stay(tmp_path: Path) -> None:
    database = Database.open(tmp_path)
    over, stands = alert("a1", subject="sw-1"), alert("a2", subject="sw-2")
    messages = [message(over), message(stands)]
    database.commit(by_key(over, stands), [Transition(over, None, 130.0)], messages)
    database.record([delivered(one, 131.0) for one in messages])
    database.commit(by_key(stands))
    database.prune(130.0 + MESSAGES_SECONDS)
    assert len(database.finished(10)) == 2
    database.prune(132.0 + MESSAGES_SECONDS)
    assert [one.notification.alert.id for one in database.finished(10)] == ["a2"], "who was told of it is still asked"
    assert len(history(tmp_path)) == 1
    database.close()
