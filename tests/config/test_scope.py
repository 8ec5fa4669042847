"""A match that comes later than the files is checked like one that stands in them."""

from __future__ import annotations

from typing import Any

import pytest

from config.inventory import Inventory
from config.scope import Scope
from config.settings import Match, Settings

INVENTORY = Inventory.model_validate(
    {
        "sites": {"rathaus": {}, "mast": {}},
        "rooms": {"keller": {"site": "rathaus"}},
        "rings": {"ring-1": {}},
        "devices": {
            "ups-1": {"site": "rathaus"},
            "sw-1": {"site": "rathaus", "room": "keller", "powered_by": ["ups-1"]},
        },
        "links": {"rf-1": {"kind": "radio", "ends": ["rathaus", "mast"], "ring": "ring-1", "shared_risk": ["trasse"]}},
        "services": {"portal": {"site": "rathaus", "tcp": "192.0.2.1:443"}},
        "contracts": {"dsl": {"provider": "Telekom"}},
    }
)
SETTINGS = Settings.model_validate(
    {
        "uplink": {"site": "rathaus", "gateway": "192.0.2.1", "references": ["2001:db8::1"]},
        "alerting": {"receivers": {"on-call": {"apprise": [{"env": "PATH"}]}}},
    }
)
SCOPE = Scope(INVENTORY, SETTINGS, ["link_down"])


@pytest.mark.parametrize(
    "match",
    [
        {"rule": "link_down"},
        {"severity": "info"},
        {"site": "mast", "device": "sw-1", "link": "rf-1", "service": "portal", "ring": "ring-1", "room": "keller"},
        *({"subject": name} for name in ("rf-1", "link:rf-1", "site:mast", "power:ups-1", "contract:dsl", "daemon:x")),
        *(
            {"subject": name}
            for name in ("receiver:on-call", "rule:link_down", "uplink:192.0.2.1", "uplink:2001:db8::1")
        ),
        *({"subject": f"group:{name}"} for name in ("trasse", "room/keller", "provider/Telekom")),
    ],
)
def test_what_there_is_can_be_named(match: dict[str, Any]) -> None:
    assert list(SCOPE.unknown_in(Match.model_validate(match))) == []


@pytest.mark.parametrize(
    ("match", "key", "hint"),
    [
        ({"rule": "link_dwn"}, "rule", "did you mean link_down?"),
        ({"site": "matt"}, "site", "did you mean mast?"),
        ({"room": "sw-1"}, "room", None),
        ({"subject": "link:mast"}, "subject", None),
        ({"subject": "receiver:on-cal"}, "subject", "did you mean on-call?"),
        ({"subject": "rule:link_dwn"}, "subject", "did you mean link_down?"),
        ({"subject": "uplink:192.0.2.9"}, "subject", None),
        ({"subject": "sites:mast"}, "subject", "did you mean site?"),
        ({"subject": "power:sw-1"}, "subject", "did you mean ups-1?"),
        ({"subject": "group:provider/Telecom"}, "subject", "did you mean provider/Telekom?"),
    ],
)
def test_what_there_is_not_is_named_with_what_is_near(match: dict[str, Any], key: str, hint: str | None) -> None:
    (found,) = SCOPE.unknown_in(Match.model_validate(match))
    assert found.key == key
    assert hint is None or found.hint == hint
