"""The signature of the links in messages."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.wire.seal import KEY_NAME, VALID_SECONDS, Seal, load_seal

SEAL = Seal(b"k" * 32)
ALERT = "0123456789abcdef0123456789abcdef"
NOW = 1_800_000_000.0


def test_a_token_says_what_it_was_made_of_and_needs_no_quoting() -> None:
    token = SEAL.token(ALERT, "on-call", NOW)
    claim = SEAL.open(token)
    assert claim is not None
    assert (claim.alert, claim.role, claim.until) == (ALERT[:12], "on-call", NOW + VALID_SECONDS)
    assert not set(token) - set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")
    assert len(token) <= 60 + len("on-call")
    assert SEAL.token(ALERT, "on-call", NOW) == token


@given(st.data())
def test_a_token_with_one_other_character_opens_nothing(data: st.DataObject) -> None:
    token = SEAL.token(ALERT, "on-call", NOW)
    place = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.characters().filter(lambda char: char != token[place]))
    assert SEAL.open(token[:place] + other + token[place + 1 :]) is None


@given(st.text())
def test_any_text_opens_nothing_and_breaks_nothing(text: str) -> None:
    assert SEAL.open(text) is None


def test_the_key_is_made_once_for_our_eyes_only(tmp_path: Path) -> None:
    token = load_seal(tmp_path).token(ALERT, "on-call", NOW)
    assert (tmp_path / KEY_NAME).stat().st_mode & 0o777 == 0o600
    assert load_seal(tmp_path).open(token) is not None


@pytest.mark.parametrize("torn", [b"", b"short", b"x" * 33])
def test_a_torn_key_is_made_anew(tmp_path: Path, torn: bytes) -> None:
    (tmp_path / KEY_NAME).write_bytes(torn)
    (tmp_path / KEY_NAME).chmod(0o644)
    token = load_seal(tmp_path).token(ALERT, "on-call", NOW)
    assert (tmp_path / KEY_NAME).stat().st_mode & 0o777 == 0o600
    assert load_seal(tmp_path).open(token) is not None


def test_where_no_key_can_be_kept_links_die_with_the_run(tmp_path: Path) -> None:
    nowhere = tmp_path / "none"
    seal = load_seal(nowhere)
    assert seal.open(seal.token(ALERT, "on-call", NOW)) is not None
    assert load_seal(nowhere).open(seal.token(ALERT, "on-call", NOW)) is None
