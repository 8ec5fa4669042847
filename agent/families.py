"""Metric families that no single collector owns: one a job, and the daemon's own. Declared once."""

from __future__ import annotations

from agent.contract import MetricFamily

# --- what a monitoring plug-in says: status, words and the facts of its reading ---------------------------------------
PLUGIN_STATUS = MetricFamily(
    "ringwacht_plugin_status", "gauge", "What the plug-in says: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN."
)
PLUGIN_WORDS = ("OK", "WARNING", "CRITICAL", "UNKNOWN")  # as every plug-in and its manual spell them
PLUGIN_OUTPUT = "plugin_output"  # the first line
PLUGIN_DETAILS = "plugin_details"  # further lines
PLUGIN_ERRORS = "plugin_errors"  # the first line of its standard error, where it wrote output as well
PLUGIN_BEYOND = "plugin_beyond"  # performance data beyond thresholds of its own
PLUGIN_EXIT = "plugin_exit"  # an exit status that no plug-in should have

# --- facts of an SNMP reading that others read by name ----------------------------------------------------------------
SNMP_ENGINE = "snmp_engine"  # gufo or pysnmp: which engine reads the device
SNMP_PROFILE = "snmp_profile"  # the profiles in force, joined by +
SNMP_ENGINE_ID = "snmp_engine_id"  # of an SNMPv3 device, in hexadecimal

# --- one series a job; rendered with the target's own labels (device|service|link|site, instance, site) ---------------
UP = MetricFamily("ringwacht_up", "gauge", "1 if the last poll of the check succeeded, else 0.", ("check",))
COLLECT_DURATION = MetricFamily(
    "ringwacht_collect_duration_seconds", "gauge", "Duration of the last poll of the check.", ("check",)
)
LAST_SUCCESS = MetricFamily(
    "ringwacht_last_success_timestamp_seconds",
    "gauge",
    "When the check last succeeded, seconds since the epoch.",
    ("check",),
)
COLLECT_ERRORS = MetricFamily(
    "ringwacht_collect_errors_total", "counter", "Failed polls by reason.", ("check", "reason")
)
COLLECT_SKIPPED = MetricFamily(
    "ringwacht_collect_skipped_total", "counter", "Polls that were due while the last one still ran.", ("check",)
)
STALE = MetricFamily(
    "ringwacht_stale", "gauge", "1 while the check's series are withheld as stale, else 0.", ("check",)
)
PARTIAL = MetricFamily(
    "ringwacht_partial",
    "gauge",
    "What is missing from the check's last successful reading, as a number of remarks; 0 when it is whole, no series "
    "while the reading is withheld as stale.",
    ("check",),
)
SNMP_VALUES = MetricFamily("ringwacht_snmp_values_total", "counter", "Values read over SNMP.")
SNMP_PACKETS = MetricFamily("ringwacht_snmp_packets_total", "counter", "SNMP requests sent.")
SNMP_DROPPED = MetricFamily(
    "ringwacht_snmp_dropped_values_total", "counter", "Values not usable, by what was wrong.", ("why",)
)
SERIES_DROPPED = MetricFamily(
    "ringwacht_series_dropped_total", "counter", "Series of a device beyond its max_series, counted at each poll."
)
SNMP_ALIKE = MetricFamily(
    "ringwacht_snmp_duplicate_labels_total",
    "counter",
    "Rows whose labels would have come twice and got their index as a suffix, counted at each poll.",
)
SNMP_RESYNCS = MetricFamily(
    "ringwacht_snmp_resyncs_total",
    "counter",
    "How often the clock or the engine of an SNMPv3 device was read anew, by why; engine_id_changed is another device.",
    ("why",),
)
DEVICE_REBOOTS = MetricFamily(
    "ringwacht_device_reboots_total", "counter", "Reboots of a device that were seen over SNMP."
)
AGENT_RESTARTS = MetricFamily(
    "ringwacht_snmp_agent_restarts_total", "counter", "Restarts of a device's SNMP agent alone: the host ran on."
)
REBOOTS_DURING_POLL = MetricFamily(
    "ringwacht_snmp_reboots_during_poll_total", "counter", "Polls discarded because the device restarted meanwhile."
)
TRAPS = MetricFamily(
    "ringwacht_traps_total", "counter", "Traps and informs by what they are called.", ("device", "trap")
)
TRAPS_DROPPED = MetricFamily(
    "ringwacht_traps_dropped_total", "counter", "Datagrams at the trap port that were not taken, by why.", ("why",)
)

PER_JOB: tuple[MetricFamily, ...] = (
    UP,
    COLLECT_DURATION,
    LAST_SUCCESS,
    COLLECT_ERRORS,
    COLLECT_SKIPPED,
    STALE,
    PARTIAL,
)

# --- the daemon itself -----------------------------------------------------------------------------------------------
SCHEDULE_SKEW = MetricFamily(
    "ringwacht_schedule_skew_seconds", "summary", "How late polls started in the last minute.", ("quantile",)
)
LOOP_LAG = MetricFamily(
    "ringwacht_loop_lag_seconds", "summary", "How late the event loop ran in the last minute.", ("quantile",)
)
BUILD_INFO = MetricFamily("ringwacht_build_info", "gauge", "1, with version and Python version.", ("version", "python"))
RELOAD_SUCCESS = MetricFamily(
    "ringwacht_config_last_reload_success", "gauge", "1 if the last load of the configuration succeeded, else 0."
)
RELOAD_TIME = MetricFamily(
    "ringwacht_config_last_reload_success_timestamp_seconds", "gauge", "When the configuration in force was loaded."
)
LAST_JUDGEMENT = MetricFamily(
    "ringwacht_last_judgement_timestamp_seconds", "gauge", "When everything was last judged, seconds since the epoch."
)
JOBS = MetricFamily("ringwacht_jobs", "gauge", "Planned jobs by lane.", ("lane",))
FINDING = MetricFamily(
    "ringwacht_finding", "gauge", "1 for each finding that stands.", ("rule", "subject", "severity", "site")
)
NOTIFICATIONS = MetricFamily(
    "ringwacht_notifications_total", "counter", "Deliveries tried, by receiver and outcome.", ("receiver", "outcome")
)
EXPORT_DROPPED = MetricFamily(
    "ringwacht_export_dropped_total", "counter", "Snapshots dropped because the exporter was too slow.", ("exporter",)
)
OUTBOX = MetricFamily("ringwacht_outbox_pending", "gauge", "Notifications not yet delivered.")
PROCESS_CPU = MetricFamily("process_cpu_seconds_total", "counter", "Total user and system CPU time spent in seconds.")
PROCESS_RSS = MetricFamily("process_resident_memory_bytes", "gauge", "Resident memory size in bytes.")
PROCESS_VIRTUAL = MetricFamily("process_virtual_memory_bytes", "gauge", "Virtual memory size in bytes.")
PROCESS_FDS = MetricFamily("process_open_fds", "gauge", "Number of open file descriptors.")
PROCESS_MAX_FDS = MetricFamily("process_max_fds", "gauge", "Maximum number of open file descriptors.")
PROCESS_START = MetricFamily(
    "process_start_time_seconds", "gauge", "Start time of the process since unix epoch in seconds."
)

# --- of IF-MIB and SNMPv2-MIB, what judgement and boards read of every device: kept where a device has too many series
JUDGED = (  # in this order
    "sysUpTime",
    "ifOperStatus",
    "ifAdminStatus",
    "ifHighSpeed",
    "ifHCInOctets",
    "ifHCOutOctets",
    "ifInErrors",
    "ifOutErrors",
    "ifInDiscards",
    "ifOutDiscards",
)

# --- the sites: what a series of echo requests tells of the way there -------------------------------------------------
SITE_LATENCY = MetricFamily(
    "ringwacht_site_latency_seconds", "gauge", "Mean round trip to the site over the answered requests of a series."
)
SITE_LATENCY_MAX = MetricFamily(
    "ringwacht_site_latency_max_seconds", "gauge", "Longest round trip to the site in a series."
)
SITE_JITTER = MetricFamily(
    "ringwacht_site_jitter_seconds",
    "gauge",
    "Mean difference between successive round trips of a series, sign left out (RFC 3550, 6.4.1, unsmoothed).",
)
SITE_LOSS = MetricFamily(
    "ringwacht_site_loss_ratio", "gauge", "Requests of a series that stayed unanswered, 0 to 1; never all of them."
)
SITE_SERIES = (SITE_LATENCY, SITE_LATENCY_MAX, SITE_JITTER, SITE_LOSS)

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
