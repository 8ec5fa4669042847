"""Metric families of what judgement works out: figures of sites, links, rings, partners and radio hops."""

from __future__ import annotations

from agent.contract import MetricFamily

# --- the network: figures of judgement (agent.risk) ------------------------------------------------------------------
SITE_PATHS = MetricFamily(
    "ringwacht_site_paths", "gauge", "Link-disjoint ways to what the site needs that are known to carry.", ("site",)
)
SITE_PATHS_DESIGNED = MetricFamily(
    "ringwacht_site_paths_designed", "gauge", "Link-disjoint ways to what the site needs, all being up.", ("site",)
)
SITE_PATHS_REQUIRED = MetricFamily(
    "ringwacht_site_paths_required", "gauge", "Ways that the site requires (`paths_required`).", ("site",)
)
SITE_PATHS_UNVERIFIED = MetricFamily(
    "ringwacht_site_paths_unverified", "gauge", "Further ways of the site whose state is unknown.", ("site",)
)
LINK_STATE = MetricFamily(
    "ringwacht_link_state", "gauge", "State set of a declared link: up, degraded, down, unknown.", ("link", "state")
)
LINK_CAPACITY = MetricFamily(
    "ringwacht_link_capacity_bits_per_second",
    "gauge",
    "What a declared link can carry now: measured where that is possible, else as declared.",
    ("link",),
)
RING_CLOSED = MetricFamily(
    "ringwacht_ring_closed", "gauge", "1 while every link of the ring carries, 0 while it is open.", ("ring",)
)
RING_OPEN_SECONDS = MetricFamily(
    "ringwacht_ring_open_seconds_total", "counter", "Seconds that the ring was open: without redundancy.", ("ring",)
)
ELEMENT_ISOLATES = MetricFamily(
    "ringwacht_element_isolates_sites",
    "gauge",
    "Sites that the failure of this one element cuts off by design, all else being up.",
    ("element",),
)
N1_ISOLATED = MetricFamily(
    "ringwacht_n1_isolated_sites",
    "gauge",
    "Sites that the failure of this one element would cut off now.",
    ("element",),
)
N1_UTILISATION = MetricFamily(
    "ringwacht_n1_worst_utilisation_ratio",
    "gauge",
    "Highest load by capacity on the way that is left to the site after any single failure.",
    ("site",),
)

# --- partners and lines: figures of judgement (agent.risk.usage) ------------------------------------------------------
SITE_DEMAND = MetricFamily(
    "ringwacht_site_demand_bits_per_second",
    "gauge",
    "What the site needs: `declared`, or the 95th percentile of its busy hour on the last 7 working days, `measured` "
    "or, where transit hides a part, `at_least`.",
    ("site", "source"),
)
LINK_USAGE_P95 = MetricFamily(
    "ringwacht_link_usage_p95_bits_per_second",
    "gauge",
    "95th percentile of the link's five-minute rates of the last 11 days; `direction` is where it flows to.",
    ("link", "direction"),
)
LINK_UTILISATION = MetricFamily(
    "ringwacht_link_utilisation_ratio",
    "gauge",
    "Load of the last five minutes by what the link can carry now; `direction` is where it flows to.",
    ("link", "direction"),
)
LINK_CONTRACTED = MetricFamily(
    "ringwacht_link_contracted_bits_per_second",
    "gauge",
    "Rate that was agreed for the link: of its contract, else its capacity; `down` is towards us.",
    ("link", "direction"),
)
LINK_DELIVERED = MetricFamily(
    "ringwacht_link_delivered_bits_per_second",
    "gauge",
    "Lowest rate that the link's ports negotiated, of a radio the lowest that it measures.",
    ("link",),
)
PARTNER_RENTED = MetricFamily(
    "ringwacht_partner_rented_bits_per_second", "gauge", "Bandwidth that the partner rents.", ("partner",)
)
PARTNER_USAGE_P95 = MetricFamily(
    "ringwacht_partner_usage_p95_bits_per_second",
    "gauge",
    "95th percentile of what the partner used in five minutes of the last 11 days; `down` is towards its site.",
    ("partner", "direction"),
)
PARTNER_SAVED = MetricFamily(
    "ringwacht_partner_saved_monthly_cost", "gauge", "Monthly cost of the line that the partner saves.", ("partner",)
)
PARTNER_SAVED_PER_MEGABIT = MetricFamily(
    "ringwacht_partner_saved_monthly_cost_per_megabit",
    "gauge",
    "Monthly cost of the line that the partner saves, by Mbit/s that it rents.",
    ("partner",),
)
CONTRACT_COST = MetricFamily("ringwacht_contract_monthly_cost", "gauge", "Monthly cost of the contract.", ("contract",))
CONTRACT_COST_PER_MEGABIT = MetricFamily(
    "ringwacht_contract_monthly_cost_per_megabit",
    "gauge",
    "Monthly cost of the contract by Mbit/s of its lines.",
    ("contract",),
)

# --- radio hops: figures of judgement (agent.risk.radio) --------------------------------------------------------------
RADIO_HOP_EXPECTED_LEVEL = MetricFamily(
    "ringwacht_radio_hop_expected_level_dbm",
    "gauge",
    "Level that the end should receive under a clear sky at what the far end sends now, in dBm: as commissioned, else "
    "by the link budget, else as the radio expects.",
    ("link", "end"),
)
RADIO_HOP_FADE_DEPTH = MetricFamily(
    "ringwacht_radio_hop_fade_depth_db", "gauge", "Expected less received level in dB.", ("link", "end")
)
RADIO_HOP_MARGIN = MetricFamily(
    "ringwacht_radio_hop_margin_db",
    "gauge",
    "What is left above the threshold in dB: of the `lowest` modulation, of the `current` one.",
    ("link", "end", "modulation"),
)
RADIO_HOP_PROTECTED = MetricFamily(
    "ringwacht_radio_hop_protected",
    "gauge",
    "1 while both carriers of a hop with 1+1 or 2+0 are well at both ends, else 0.",
    ("link",),
)
RADIO_HOP_AVAILABILITY = MetricFamily(
    "ringwacht_radio_hop_availability_ratio",
    "gauge",
    "Share of the last 31 days, or of the time observed, without unavailable seconds (ITU-T G.826) at the worse end.",
    ("link",),
)
RADIO_HOP_OBSERVED = MetricFamily(
    "ringwacht_radio_hop_observed_seconds", "gauge", "Time that the measured availability rests on.", ("link",)
)
RADIO_HOP_AVAILABILITY_REQUIRED = MetricFamily(
    "ringwacht_radio_hop_availability_required_ratio", "gauge", "Availability that the hop was planned for.", ("link",)
)
RADIO_HOP_AVAILABILITY_PREDICTED = MetricFamily(
    "ringwacht_radio_hop_availability_predicted_ratio",
    "gauge",
    "Availability in an average year by rain and multipath (ITU-R P.530-17, P.838-3), equipment not counted.",
    ("link",),
)
RADIO_HOP_ERRORED = MetricFamily(
    "ringwacht_radio_hop_errored_seconds_ratio", "gauge", "Share of errored seconds at the worse end.", ("link",)
)
RADIO_HOP_SEVERELY_ERRORED = MetricFamily(
    "ringwacht_radio_hop_severely_errored_seconds_ratio",
    "gauge",
    "Share of severely errored seconds at the worse end.",
    ("link",),
)

# --- the risk figure -------------------------------------------------------------------------------------------------

RISK_POINTS = MetricFamily(
    "ringwacht_risk_points",
    "gauge",
    "Risk from 0 to 100: the sum of its factors, cut at 100; of the `house` or of a room. See docs/risk.md.",
    ("scope",),
)
RISK_FACTOR_POINTS = MetricFamily(
    "ringwacht_risk_factor_points",
    "gauge",
    "What one factor adds to the risk: the rule or the gap, and the subject where it weighs most.",
    ("scope", "factor", "subject"),
)

# --- rooms: figures of judgement (agent.risk.room) --------------------------------------------------------------------
ROOM_QUANTITY = MetricFamily(
    "ringwacht_room_quantity",
    "gauge",
    "State set of what a room measures (temperature, humidity, leak, smoke, door, ups): measured, silent, missing.",
    ("room", "quantity", "state"),
)
ROOM_TEMPERATURE_LIMIT = MetricFamily(
    "ringwacht_room_temperature_limit_celsius",
    "gauge",
    "Limit of the room's temperature: `warning`, `critical`; of the inventory, else of ASHRAE TC 9.9.",
    ("room", "limit"),
)
ROOM_DEW_POINT = MetricFamily(
    "ringwacht_room_dew_point_celsius",
    "gauge",
    "Dew point by the Magnus formula, of the sensor's humidity and the temperature beside it.",
    ("room", "sensor"),
)
ROOM_SPIKES = MetricFamily(
    "ringwacht_room_temperature_spikes_total",
    "counter",
    "Temperatures of the room's sensors that jumped by more than 10 K and were taken back by the second poll.",
    ("room",),
)

# --- power: figures of judgement (agent.risk.power) -------------------------------------------------------------------
UPS_RUNTIME_REQUIRED = MetricFamily(
    "ringwacht_ups_runtime_required_seconds",
    "gauge",
    "What the battery must last: `power_return_wait` and twice the `shutdown_time` of the room that the UPS feeds.",
    ("device",),
)
UPS_SHUTDOWN_DUE = MetricFamily(
    "ringwacht_ups_shutdown_due_timestamp_seconds",
    "gauge",
    "When an orderly shutdown must begin at the latest, seconds since the epoch; only in an outage.",
    ("device",),
)

# --- critical functions (agent.risk.functions) -----------------------------------------------------------------------
FUNCTION_STATE = MetricFamily(
    "ringwacht_function_state",
    "gauge",
    "State set of a critical function: redundant, standby_lost, on_standby, down, unknown.",
    ("function", "state"),
)
FUNCTION_LEG_UP = MetricFamily(
    "ringwacht_function_leg_up",
    "gauge",
    "1 while the leg (`kind:id`) of a critical function is alive, 0 while it is down; missing while that is not known.",
    ("function", "leg", "role"),
)

# --- the course of a room's temperature (agent.risk.overheating) ------------------------------------------------------
ROOM_TIME_TO_LIMIT = MetricFamily(
    "ringwacht_room_time_to_limit_seconds",
    "gauge",
    "Time until the room's temperature reaches the limit (warning, critical); only while it runs away, +Inf: never.",
    ("room", "limit"),
)
ROOM_TIME_TO_LIMIT_BOUND = MetricFamily(
    "ringwacht_room_time_to_limit_bound_seconds",
    "gauge",
    "Ends (lower, upper) of the 90 % band around ringwacht_room_time_to_limit_seconds; +Inf: it may never be reached.",
    ("room", "limit", "bound"),
)
ROOM_TEMPERATURE_SLOPE = MetricFamily(
    "ringwacht_room_temperature_slope_celsius_per_second",
    "gauge",
    "Trend of the room's temperature over the last minutes, by the sensor that reaches its limit first.",
    ("room",),
)
