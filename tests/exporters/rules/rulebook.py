"""Rule files for tests: the configuration in a few keys, and the alerts that come of it."""

from __future__ import annotations

from typing import Any

import yaml

from agent.risk.rules import RULE_OPTIONS
from config.inventory import Inventory
from config.kinds import Kinds
from config.settings import Settings
from exporters.rules.document import render

DEVICES = {"srv-1": {"site": "rathaus", "address": "192.0.2.1"}}


def rule_text(settings: dict[str, Any] | None = None, **rules: dict[str, Any]) -> str:
    """The file of a small county with these own rules."""
    inventory: dict[str, Any] = {"sites": {"rathaus": {}}, "devices": DEVICES, "rules": rules}
    kinds = Kinds.of({}, RULE_OPTIONS)
    return render(Inventory.model_validate(inventory), Settings.model_validate(settings or {}, context=kinds))


def entries(text: str) -> list[dict[str, Any]]:
    """All rules of a file."""
    return [rule for group in yaml.safe_load(text)["groups"] for rule in group["rules"]]


def alerts(text: str, name: str) -> list[dict[str, Any]]:
    """The alerts of that name."""
    return [rule for rule in entries(text) if rule.get("alert") == name]


def own(name: str = "mine", settings: dict[str, Any] | None = None, **keys: Any) -> dict[str, Any]:
    """The alert that one own rule becomes."""
    (found,) = alerts(rule_text(settings, **{name: keys}), name)
    return found
