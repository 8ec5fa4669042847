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

# --- jobs that report by themselves; of what never was there is no series --------------------------------------------
HEARTBEAT_AWAITED = MetricFamily(
    "ringwacht_heartbeat_awaited_since_timestamp_seconds",
    "gauge",
    "Since when reports of the job are awaited, seconds since the epoch.",
)
HEARTBEAT_SUCCESS = MetricFamily(
    "ringwacht_heartbeat_last_success_timestamp_seconds",
    "gauge",
    "When the job last reported success, seconds since the epoch.",
)
HEARTBEAT_END = MetricFamily(
    "ringwacht_heartbeat_last_end_timestamp_seconds",
    "gauge",
    "When the job last reported an end, good or bad, seconds since the epoch.",
)
HEARTBEAT_GOOD = MetricFamily(
    "ringwacht_heartbeat_succeeded", "gauge", "1 if the last end that the job reported was a success, else 0."
)
HEARTBEAT_EXIT = MetricFamily(
    "ringwacht_heartbeat_last_exit_code", "gauge", "Exit code of the last end that the job reported, where it said one."
)
HEARTBEAT_DURATION = MetricFamily(
    "ringwacht_heartbeat_last_duration_seconds",
    "gauge",
    "Time from the start to the last end, where the job reported both.",
)
HEARTBEAT_RUNNING = MetricFamily(
    "ringwacht_heartbeat_running", "gauge", "1 while the job has reported a start and no end, else 0."
)
HEARTBEAT_START = MetricFamily(
    "ringwacht_heartbeat_running_since_timestamp_seconds",
    "gauge",
    "When the run that goes on was begun, seconds since the epoch.",
)
HEARTBEAT_LISTENING = MetricFamily(
    "ringwacht_heartbeat_listening_since_timestamp_seconds",
    "gauge",
    "Since when the daemon has listened for the next success: its first start after that was expected, else its last.",
)
HEARTBEAT_SIZE = MetricFamily(
    "ringwacht_heartbeat_last_size_bytes", "gauge", "How much the last success had written, where it said so."
)
HEARTBEAT_SIZES = "heartbeat_sizes"  # a fact: JSON, `Heartbeat.sizes`

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
VALUES_REFUSED = MetricFamily(
    "ringwacht_refused_values_total",
    "counter",
    "Values left out because they say nothing (a sensor that is not there, a date that can be two), counted at each "
    "poll; ringwacht collect --debug names them.",
    ("check",),
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
    "ringwacht_finding",
    "gauge",
    "1 for each finding that stands; `cause` is the subject of the alert that speaks for it, its own where none does; "
    "`leads` is false where that alert fires, waits while that or something else is not decided, else true.",
    ("rule", "subject", "severity", "site", "cause", "leads"),
)
NOTIFICATIONS = MetricFamily(
    "ringwacht_notifications_total", "counter", "Deliveries tried, by receiver and outcome.", ("receiver", "outcome")
)
EXPORT_DROPPED = MetricFamily(
    "ringwacht_export_dropped_total", "counter", "Snapshots dropped because the exporter was too slow.", ("exporter",)
)
OUTBOX = MetricFamily(
    "ringwacht_outbox_pending",
    "gauge",
    "Notifications not yet delivered, what waits for its hour included.",
    ("receiver",),
)
OUTBOX_OLDEST = MetricFamily(
    "ringwacht_outbox_oldest_seconds",
    "gauge",
    "For how long the oldest notification has been due and is not delivered; 0 where none is.",
    ("receiver",),
)
RECEIVER_SUCCESS = MetricFamily(
    "ringwacht_receiver_last_success_timestamp_seconds",
    "gauge",
    "When the receiver last took a message, seconds since the epoch; no series where it never did.",
    ("receiver",),
)
RECEIVER_FAILING = MetricFamily(
    "ringwacht_receiver_failing", "gauge", "1 while the receiver does not take its messages, else 0.", ("receiver",)
)
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
