"""docs/schools.md says what the code does, and its examples load."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from agent.risk.catalogue.equipment import EquipmentOptions, ServiceOptions
from agent.risk.hours import ACCESS_POINT, EQUIPMENT_ROLES, INFRASTRUCTURE_ROLES
from agent.risk.rules import RULE_OPTIONS, RULES
from config.loader import load

PAGE = (Path(__file__).parents[2] / "docs" / "schools.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
SITES = "  rathaus: {}\n  gesamtschule: {kind: school}\n"


@pytest.mark.parametrize("text", EXAMPLES)
def test_an_example_loads(text: str, write: Callable[..., Path]) -> None:
    sites = text.replace("sites:\n", "sites:\n  rathaus: {}\n") if "sites:" in text else f"sites:\n{SITES}{text}"
    assert load(write(sites), {}, RULE_OPTIONS).inventory.sites


def test_the_rules_that_it_names_exist() -> None:
    assert {"classroom_equipment", "projector_service_due", "device_unreachable"} <= set(RULES)
    named = set(re.findall(r"`([a-z]+_(?:equipment|due|unreachable))`", PAGE))
    assert named <= set(RULES)


def test_the_roles_are_those_of_the_code() -> None:
    (equipment,) = re.findall(r"devices of role (`endpoint`.*?) \|", PAGE)
    assert set(re.findall(r"`(\w+)`", equipment)) == EQUIPMENT_ROLES
    assert f"devices of role `{ACCESS_POINT}`" in PAGE
    (infrastructure,) = re.findall(r"what others need: roles (.*?), ends of links", PAGE, re.DOTALL)
    assert set(re.findall(r"`(\w+)`", infrastructure)) == INFRASTRUCTURE_ROLES


def test_the_limits_are_those_of_the_code() -> None:
    assert EquipmentOptions.model_validate({}).silent_for == 30 * 60
    assert "half an hour within its hours" in PAGE
    assert ServiceOptions.model_validate({}).lamp == 3000 * 3600
    assert "3,000 hours" in PAGE
