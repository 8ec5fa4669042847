from __future__ import annotations

import pytest

from agent.enterprises import MAKERS, maker_of, short_name
from collectors.traps.names import name_of


@pytest.mark.parametrize(
    ("oid", "maker"),
    [
        ("1.3.6.1.4.1.9.1.617", "Cisco"),
        ("1.3.6.1.4.1.9", "Cisco"),
        ("1.3.6.1.4.1.11863.1", "TP-Link"),
        ("1.3.6.1.4.1.99999.1", ""),
        ("1.3.6.1.4.1.", ""),
        ("1.3.6.1.4.1.x", ""),
        ("1.3.6.1.4.1." + "9" * 5000, ""),  # no 32-bit number, nor one that Python reads
        ("1.3.6.1.2.1.9", ""),
        ("", ""),
    ],
)
def test_the_maker_of_an_oid(oid: str, maker: str) -> None:
    assert maker_of(oid) == maker


def test_traps_bear_the_makers_name_in_one_word() -> None:
    assert short_name("TP-Link") == "tplink"
    assert name_of("1.3.6.1.4.1.21796.3.4.0.1") == "hwgroup trap"
    assert all(short_name(maker).isalnum() for maker in MAKERS.values())
