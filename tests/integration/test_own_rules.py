"""Own rules over time, told by promtool."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.exporters.rules.promtool import Case, promtool_finds, states
from tests.exporters.rules.rulebook import rule_text

pytestmark = pytest.mark.integration

UPS = 'ringwacht_up{device="srv-1",instance="srv-1",check="scrape"}'
OWN_RULES: dict[str, dict[str, Any]] = {
    "missing": {"select": 'x{device="srv-1"}', "absent": True, "hold": "0s"},
    "moved": {"select": "version", "changed": "1m", "clear": "0s"},
    "quick": {"select": "version", "changed": "5s", "clear": "0s"},
    "stepped": {"select": '{__name__=~"step_.*"}', "changed": "1m", "clear": "0s"},
    "full": {"select": '{__name__=~"used_.*"}', "above": 0, "hold": "0s", "text": "{severity}"},
    "loud": {"select": "noise", "above": 0, "hold": "0s"},
}
OF_OWN_RULES = {
    "what is absent is told while its device answers": Case(
        {UPS: "1x10"}, states("missing"), {"5s": ['{alertstate="firing",severity="warning"}']}
    ),
    "nothing is absent while its device is silent": Case({UPS: "0x10"}, states("missing"), {"5s": []}),
    "nothing is absent while nobody says that the device answers": Case({}, states("missing"), {"5s": []}),
    "what is there is not absent": Case({UPS: "1x10", 'x{device="srv-1"}': "0x10"}, states("missing"), {"5s": []}),
    "a value that changed is told for the span": Case(
        {'version{instance="a"}': "1x20 2x100"},
        states("moved"),
        {"100s": [], "105s": ['{alertstate="firing",severity="warning"}'], "170s": []},
    ),
    "a value that stays away for a poll, or for less than the span, has not changed": Case(
        {
            'version{instance="a",port="1"}': "1x200",
            'version{instance="a",port="2"}': "1x60 stale _x8 1x100",
            'version{instance="a",port="3"}': "1x60 NaN 1x100",
        },
        f"max_over_time({states('moved')}[10m:5s])",
        {"10m": []},
    ),
    "a span of less than a few scrapes shows a change all the same": Case(
        {'version{instance="a"}': "1x20 2x100"},
        states("quick"),
        {"100s": [], "105s": ['{alertstate="firing",severity="warning"}'], "170s": []},
    ),
    "changes of several families are told by the value that is there now": Case(
        {'step_a{instance="a"}': "1x20 2x100", 'step_b{instance="a"}': "1x120"},
        'ALERTS{alertname="stepped"}',
        {
            "100s": [],
            "120s": [
                'ALERTS{alertname="stepped",alertstate="firing",family="step_a",instance="a",municipality="ringwacht",'
                'severity="warning"}'
            ],
        },
    ),
    "labels of a series that an alert has as well stand beside them": Case(
        {
            f'noise{{severity="{severity}",municipality="{town}",alertname="{name}"}}': "5x20"
            for severity, town, name in (
                ("major", "a", "x"),
                ("minor", "a", "x"),
                ("minor", "b", "x"),
                ("minor", "b", "y"),
            )
        },
        'count by (severity, exported_severity, exported_municipality, exported_alertname) (ALERTS{alertname="loud"})',
        {
            "5s": [
                f'{{severity="warning",exported_severity="{severity}",exported_municipality="{town}",'
                f'exported_alertname="{name}"}}'
                for severity, town, name in (
                    ("major", "a", "x"),
                    ("minor", "a", "x"),
                    ("minor", "b", "x"),
                    ("minor", "b", "y"),
                )
            ]
        },
    ),
    "a label family of a series stays beside the name of its family": Case(
        {'used_x{family="f"}': "5x20", 'used_x{family="g"}': "5x20", "used_y": "5x20"},
        'count by (family, exported_family) (ALERTS{alertname="full"})',
        {
            "5s": [
                '{family="used_x",exported_family="f"}',
                '{family="used_x",exported_family="g"}',
                '{family="used_y"}',
            ]
        },
    ),
    "a label that changed is told for the span": Case(
        {'version{instance="a",release="1"}': "1x20 stale", 'version{instance="a",release="2"}': "_x21 1x100"},
        states("moved"),
        {"100s": [], "110s": ['{alertstate="firing",severity="warning"}'], "170s": []},
    ),
    "the first series of a device have not changed": Case(
        {'version{instance="a"}': "_x10 1x100"}, states("moved"), {"60s": [], "100s": []}
    ),
}


@pytest.mark.parametrize("case", OF_OWN_RULES.values(), ids=OF_OWN_RULES)
def test_the_alerts_of_own_rules(case: Case, tmp_path: Path) -> None:
    promtool_finds(case, rule_text(None, **OWN_RULES), tmp_path)
