"""What the queries mean where it matters most: asked of promtool with made-up series."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.grafana.board_files import every_query, filled
from tests.harness.process import write_yaml

pytestmark = pytest.mark.integration

MINUTES = 600
CLOCK = f"0+60x{MINUTES}"  # a timestamp that keeps pace with promtool's clock, which begins at 0
JUDGED = {"ringwacht_last_judgement_timestamp_seconds": CLOCK}
UPS = {'ringwacht_up{device="a",site="nord"}': "1x600", 'ringwacht_up{device="b",site="sued"}': "1x600"}
STORM = {'ringwacht_finding{rule="link_down",subject="link:x",severity="critical",site="nord"}': "1x600"}
CUT_OFF = {'ringwacht_finding{rule="uplink_down",subject="daemon:ringwacht",severity="critical"}': "1x600"}
VOLUME = '{instance="a",site="nord",mountpoint="/srv"}'
GIB = 2**30


class Case(NamedTuple):
    """A query, by board and place; the series there are; the labels and values it must yield."""

    place: str
    series: dict[str, str]
    wanted: dict[str, float]


SITES, OPEN = "overview.json: Sites, A", "overview.json: Open findings, A"
SERVICES, FULL_IN = "overview.json: Services, A", "servers.json: File systems, C"
CASES = {
    "the worst finding, or none": Case(SITES, {**JUDGED, **UPS, **STORM}, {'{site="nord"}': 3, '{site="sued"}': 0}),
    "cut off: no verdict about the others": Case(SITES, {**JUDGED, **UPS, **STORM, **CUT_OFF}, {'{site="nord"}': 3}),
    "judged for the last time long ago": Case(
        SITES, {"ringwacht_last_judgement_timestamp_seconds": f"60x{MINUTES}", **UPS, **STORM}, {}
    ),
    "nothing stands": Case(OPEN, {**JUDGED, **UPS}, {"{}": 0}),
    "no Ringwacht is not no finding": Case(OPEN, {}, {}),
    "a service that went silent leaves its last success behind": Case(
        SERVICES,
        {'probe_success{service="s",site="rz"}': "1x600", 'ringwacht_up{service="s",site="rz",check="http"}': "0x600"},
        {'{service="s"}': 0},
    ),
    "a service answers, but wrongly": Case(
        SERVICES,
        {'probe_success{service="s",site="rz"}': "0x600", 'ringwacht_up{service="s",site="rz",check="http"}': "1x600"},
        {'{service="s"}': 0},
    ),
    "a plug-in ran and says critical": Case(
        SERVICES,
        {
            'ringwacht_plugin_status{service="s",site="rz"}': "2x600",
            'ringwacht_up{service="s",site="rz",check="plugin"}': "1x600",
        },
        {'{service="s"}': 0},
    ),
    "a disk that fills by a gibibyte an hour": Case(
        FULL_IN,
        {f"node_filesystem_avail_bytes{VOLUME}": f"{20 * GIB}-{GIB // 60}x{MINUTES}"},
        {VOLUME: (20 * GIB - MINUTES * (GIB // 60)) / (GIB // 60 / 60)},
    ),
    "a disk that does not fill": Case(
        FULL_IN, {f"node_filesystem_avail_bytes{VOLUME}": f"{GIB}x{MINUTES}"}, {VOLUME: 365 * 86400}
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_query_says_what_is(case: Case, tmp_path: Path) -> None:
    (query,) = [query for query in every_query() if str(query) == case.place]
    asked = {
        "expr": filled(query.expression).replace('=~".+"', '=~".*"'),  # all are chosen, those without the label too
        "eval_time": f"{MINUTES}m",
        "exp_samples": [{"labels": labels, "value": value} for labels, value in case.wanted.items()],
    }
    series = [{"series": name, "values": values} for name, values in case.series.items()]
    test = {"interval": "1m", "input_series": series, "promql_expr_test": [asked]}
    path = write_yaml(tmp_path / "meaning.yml", {"evaluation_interval": "1m", "tests": [test]})
    told = subprocess.run(["promtool", "test", "rules", str(path)], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr
