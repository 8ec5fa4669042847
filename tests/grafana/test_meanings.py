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


def ways(site: str, now: int, unverified: int, designed: int) -> dict[str, str]:
    """Series of one site's ways."""
    counted = {"": now, "_unverified": unverified, "_designed": designed}
    return {f'ringwacht_site_paths{what}{{site="{site}"}}': f"{count}x600" for what, count in counted.items()}


DARK = {'ringwacht_finding{rule="site_isolated",subject="site:nord",severity="critical",site="nord"}': "1x600"}
WAYS = {**JUDGED, **ways("nord", 2, 0, 2), **ways("ost", 1, 0, 2), **ways("sued", 1, 1, 2), **ways("west", 0, 0, 1)}
REDUNDANCY, FAILURES = "redundancy.json: Redundancy of the sites, A", "redundancy.json: What would be cut off, A"
LINK_STATES = "redundancy.json: Links, A"
FUNCTIONS, WATCHED = "server-room.json: Functions, A", "server-room.json: What is watched, A"
FED_FROM, SHUTDOWN = "server-room.json: Fed from, A", "server-room.json: Shutdown must begin, A"
LEFT = "server-room.json: Time to the critical limit: $room"
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
    "a partner's busier direction against what it rents": Case(
        "partners.json: Rented and used, D",
        {
            'ringwacht_partner_usage_p95_bits_per_second{partner="p",direction="down"}': "40e6x600",
            'ringwacht_partner_usage_p95_bits_per_second{partner="p",direction="up"}': "10e6x600",
            'ringwacht_partner_rented_bits_per_second{partner="p"}': "50e6x600",
        },
        {'{partner="p"}': 0.8},
    ),
    "a line is measured against its slower direction": Case(
        "partners.json: Agreed and delivered, D",
        {
            'ringwacht_link_contracted_bits_per_second{link="l",direction="down"}': "100e6x600",
            'ringwacht_link_contracted_bits_per_second{link="l",direction="up"}': "40e6x600",
            'ringwacht_link_delivered_bits_per_second{link="l"}': "10e6x600",
        },
        {'{link="l"}': 0.25},
    ),
    "ways as designed, lost, unverified, none": Case(
        REDUNDANCY, WAYS, {'{site="nord"}': 3, '{site="ost"}': 1, '{site="sued"}': 2, '{site="west"}': 0}
    ),
    "a dark site is cut off whatever ways are left": Case(
        REDUNDANCY, {**JUDGED, **ways("nord", 2, 0, 2), **DARK}, {'{site="nord"}': 0}
    ),
    "an element whose failure cuts nobody off is not listed": Case(
        FAILURES,
        {
            'ringwacht_n1_isolated_sites{element="link:a"}': "2x600",
            'ringwacht_element_isolates_sites{element="link:a"}': "0x600",
            'ringwacht_n1_isolated_sites{element="link:b"}': "0x600",
            'ringwacht_element_isolates_sites{element="link:b"}': "1x600",
            'ringwacht_n1_isolated_sites{element="link:c"}': "0x600",
            'ringwacht_element_isolates_sites{element="link:c"}': "0x600",
        },
        {'{element="link:a"}': 2, '{element="link:b"}': 0},
    ),
    "a link of unknown state is neither up nor down": Case(
        LINK_STATES,
        {
            **JUDGED,
            **{
                f'ringwacht_link_state{{link="{link}",state="{state}"}}': f"{int(state == now)}x600"
                for link, now in (("a", "up"), ("b", "unknown"), ("c", "down"), ("d", "degraded"))
                for state in ("up", "degraded", "down", "unknown")
            },
        },
        {'{link="a"}': 3, '{link="b"}': 0, '{link="c"}': 1, '{link="d"}': 2},
    ),
    "a function of unknown state is neither redundant nor down": Case(
        FUNCTIONS,
        {
            **JUDGED,
            **{
                f'ringwacht_function_state{{function="{name}",state="{state}"}}': f"{int(state == now)}x600"
                for name, now in (("a", "redundant"), ("b", "unknown"), ("c", "down"), ("d", "on_standby"))
                for state in ("redundant", "standby_lost", "on_standby", "down", "unknown")
            },
        },
        {'{function="a"}': 4, '{function="b"}': 0, '{function="c"}': 1, '{function="d"}': 2},
    ),
    "a self-test on battery is no outage": Case(
        FED_FROM,
        {
            'ringwacht_ups_on_battery{device="a",site="nord"}': "1x600",
            'ringwacht_ups_self_test_running{device="a",site="nord"}': "1x600",
            'ringwacht_ups_on_battery{device="b",site="nord"}': "1x600",
            'ringwacht_ups_self_test_running{device="b",site="nord"}': "0x600",
            'ringwacht_ups_on_battery{device="c",site="nord"}': "0x600",
        },
        {'{device="a"}': 2, '{device="b"}': 1, '{device="c"}': 0},
    ),
    "in an outage, how long the shutdown may wait": Case(
        SHUTDOWN,
        {
            'ringwacht_ups_shutdown_due_timestamp_seconds{device="a"}': f"{MINUTES * 60 + 540}x600",
            'ringwacht_ups_on_battery{device="a",site="nord"}': "1x600",
        },
        {'{device="a"}': 540},
    ),
    "how old a battery is": Case(
        "server-room.json: Age of the batteries, A",
        {'ringwacht_ups_battery_installed_timestamp_seconds{device="a",site="nord"}': "3600x600"},
        {'{device="a",site="nord"}': MINUTES * 60 - 3600},
    ),
    "of what a room measures the state that holds": Case(
        WATCHED,
        {
            'ringwacht_room_quantity{room="r",quantity="leak",state="measured"}': "0x600",
            'ringwacht_room_quantity{room="r",quantity="leak",state="missing"}': "1x600",
        },
        {'{room="r",quantity="leak",state="missing"}': 1},
    ),
    "what nobody measures is a gap where it counts as a risk": Case(
        WATCHED,
        {
            'ringwacht_room_quantity{room="r",quantity="leak",state="missing"}': "1x600",
            'ringwacht_room_quantity{room="r",quantity="door",state="missing"}': "1x600",
            'ringwacht_risk_factor_points{scope="room:r",factor="missing_leak",subject="room:r"}': "8x600",
            'ringwacht_risk_factor_points{scope="house",factor="missing_leak",subject="room:r"}': "8x600",
            'ringwacht_risk_factor_points{scope="room:r",factor="leak",subject="room:r"}': "39x600",
        },
        {'{room="r",quantity="leak",state="gap"}': 1, '{room="r",quantity="door",state="missing"}': 1},
    ),
    "how long until the critical limit": Case(
        f"{LEFT}, A",
        {
            'ringwacht_room_time_to_limit_seconds{room="r",limit="critical"}': "1190x600",
            'ringwacht_room_time_to_limit_seconds{room="r",limit="warning"}': "300x600",
            'ringwacht_room_time_to_limit_seconds{room="s",limit="critical"}': "1e9x600",
        },
        {'{room="r"}': 1190, '{room="s"}': 14400},
    ),
    **{
        f"the {bound} end of the band around it": Case(
            f"{LEFT}, {ref}",
            {
                f'ringwacht_room_time_to_limit_bound_seconds{{room="r",limit="critical",bound="{one}"}}': f"{value}x600"
                for one, value in (("lower", "900"), ("upper", "1e9"))
            },
            {'{room="r"}': wanted},
        )
        for bound, ref, wanted in (("upper", "B", 14400), ("lower", "C", 900))
    },
    "how much warmer it gets in an hour": Case(
        "server-room.json: Warming per hour, A",
        {'ringwacht_room_temperature_slope_celsius_per_second{room="r"}': "0.005x600"},
        {'{room="r"}': 18},
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
