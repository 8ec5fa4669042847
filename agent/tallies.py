"""Metric families of what judgement counts: services, contracts, fleets, versions, licences, configuration backups."""

from __future__ import annotations

from agent.contract import MetricFamily

# --- fleets and versions (agent.risk.fleet) ---------------------------------------------------------------------------
FLEET_STOCK = MetricFamily(
    "ringwacht_fleet_stock_devices",
    "gauge",
    "Devices of the fleet: `registered` in the asset register, `managed` by its management, `planned` for this year.",
    ("site", "fleet", "kind", "source"),
)
_FLEET = ("site", "fleet", "kind")
_SMALL = " Groups smaller than `smallest_group` of its source are `other`."
FLEET_PLANNED = MetricFamily(
    "ringwacht_fleet_planned_devices",
    "gauge",
    "Devices that `plan` wants at the end of each year that it names.",
    (*_FLEET, "year"),
)
FLEET_AGE = MetricFamily(
    "ringwacht_fleet_age_devices", "gauge", "Registered devices by age in whole years.", (*_FLEET, "years")
)
FLEET_REPLACEMENT = MetricFamily(
    "ringwacht_fleet_replacement_devices",
    "gauge",
    "Devices to be replaced in a year; those that are overdue in this one. Without any in the register: by `plan`.",
    (*_FLEET, "year"),
)
FLEET_REPLACEMENT_COST = MetricFamily(
    "ringwacht_fleet_replacement_cost",
    "gauge",
    "What replacing them costs, in the currency of the configuration; missing where one has no price.",
    (*_FLEET, "year"),
)
FLEET_DEVICES = MetricFamily("ringwacht_fleet_devices", "gauge", "Devices that the fleet's management knows.", _FLEET)
FLEET_BY_MODEL = MetricFamily(
    "ringwacht_fleet_devices_by_model", "gauge", f"Managed devices by model.{_SMALL}", (*_FLEET, "model")
)
FLEET_BY_OS = MetricFamily(
    "ringwacht_fleet_devices_by_os",
    "gauge",
    f"Managed devices by operating system.{_SMALL}",
    (*_FLEET, "os", "os_version"),
)
FLEET_BY_ENROLMENT = MetricFamily(
    "ringwacht_fleet_devices_by_enrolment",
    "gauge",
    f"Managed devices by how they came into management.{_SMALL}",
    (*_FLEET, "enrolment"),
)
FLEET_BY_COMPLIANCE = MetricFamily(
    "ringwacht_fleet_devices_by_compliance",
    "gauge",
    f"Managed devices by whether they keep the rules of their management.{_SMALL}",
    (*_FLEET, "compliance"),
)
FLEET_BY_CHECKIN = MetricFamily(
    "ringwacht_fleet_devices_by_checkin",
    "gauge",
    f"Managed devices by time from check-in to the poll: less than `1d`, `7d`, `30d`, `older`, `never`.{_SMALL}",
    (*_FLEET, "age"),
)
FLEET_BY_STORAGE = MetricFamily(
    "ringwacht_fleet_devices_by_storage",
    "gauge",
    f"Managed devices by storage: `low` (less than a tenth is free), `enough`, `unknown`.{_SMALL}",
    (*_FLEET, "storage"),
)
FLEET_LATE = MetricFamily(
    "ringwacht_fleet_late_devices",
    "gauge",
    "Managed devices that have not checked in for longer than `fleet_silent` allows, in days with hours; none where "
    "that and the ages of check-ins would tell of a group smaller than `smallest_group`.",
    _FLEET,
)
OS_DEVICES = MetricFamily(
    "ringwacht_os_devices",
    "gauge",
    "Devices by system or firmware and its version; `support`: supported, ending, ended, unknown. Of managed devices, "
    "groups smaller than `smallest_group` of their source are `other`.",
    ("site", "kind", "system", "version", "support"),
)
UPDATE_DEVICES = MetricFamily(
    "ringwacht_update_devices",
    "gauge",
    "Devices that say whether updates wait: `none`, `pending`, `reboot` (installed, effective after a reboot).",
    ("site", "updates"),
)

# --- equipment of class rooms and meeting rooms (agent.risk.equipment) ------------------------------------------------
CLASSROOM_EQUIPMENT_STATES = MetricFamily(
    "ringwacht_classroom_equipment_things",
    "gauge",
    "Things in class rooms and meeting rooms of the site by how they stand: up, asleep, resting (silent outside its "
    "hours), warning, down, unknown.",
    ("site", "state"),
)

# --- services and contracts (agent.risk.contracts) --------------------------------------------------------------------
SERVICE_STATE = MetricFamily(
    "ringwacht_service_state",
    "gauge",
    "State set of a service: up, down, degraded, unknown.",
    ("service", "state"),
)
SERVICE_AVAILABILITY = MetricFamily(
    "ringwacht_service_availability_ratio",
    "gauge",
    "Share of the hours, judged up to now in the calendar month or year, in which the service was up.",
    ("service", "period"),
)
CONTRACT_AVAILABILITY = MetricFamily(
    "ringwacht_contract_availability_ratio",
    "gauge",
    "Delivered availability within the service hours, in the calendar month or year so far, of each thing owed.",
    ("contract", "subject", "period"),
)
CONTRACT_SECONDS = MetricFamily(
    "ringwacht_contract_seconds",
    "gauge",
    "Service hours so far, of each thing owed: `up`, `down`, `planned` work, `upstream` of others' fault, `blind`.",
    ("contract", "subject", "period", "part"),
)
CONTRACT_BUDGET = MetricFamily(
    "ringwacht_contract_error_budget_remaining_seconds",
    "gauge",
    "How much more the worst thing under the contract may fail this month before it is missed; negative: it is.",
    ("contract",),
)
CONTRACT_AGREED = MetricFamily(
    "ringwacht_contract_agreed_availability_ratio",
    "gauge",
    "Agreed availability within the service hours of a calendar month.",
    ("contract",),
)

# --- the asset register (agent.risk.register) -------------------------------------------------------------------------
ASSETS = MetricFamily(
    "ringwacht_assets",
    "gauge",
    "Devices in the asset register by site (empty: none that is configured) and kind, without those that are retired.",
    ("site", "kind"),
)
ASSETS_UNMATCHED = MetricFamily(
    "ringwacht_assets_unmatched",
    "gauge",
    "Devices whose row in the register and what was seen do not agree: missing, unknown, moved, duplicate. No sample "
    "while a source that may know of them is silent.",
    ("site", "reason"),
)

# --- licences (agent.risk.licences) -----------------------------------------------------------------------------------
LICENCE_SEATS = MetricFamily("ringwacht_licence_seats", "gauge", "Seats of the licence that are held.", ("licence",))
LICENCE_USED = MetricFamily("ringwacht_licence_seats_used", "gauge", "Seats of the licence in use.", ("licence",))
LICENCE_COST = MetricFamily(
    "ringwacht_licence_yearly_cost",
    "gauge",
    "Cost of a year of the licence, all seats, in the currency of the inventory.",
    ("licence",),
)

# --- configuration backups (agent.risk.configs) -----------------------------------------------------------------------
CONFIG_BACKUP_SUCCESS = MetricFamily(
    "ringwacht_config_backup_last_success_timestamp_seconds",
    "gauge",
    "When the device's configuration was last fetched and kept.",
    ("device",),
)
CONFIG_BACKUP_ATTEMPT = MetricFamily(
    "ringwacht_config_backup_last_attempt_timestamp_seconds",
    "gauge",
    "When the device's configuration was last asked for.",
    ("device",),
)
CONFIG_BACKUP_GOOD = MetricFamily(
    "ringwacht_config_backup_success",
    "gauge",
    "Whether the last attempt to back up the device's configuration succeeded.",
    ("device",),
)
CONFIG_NOT_SAVED = MetricFamily(
    "ringwacht_config_unsaved",
    "gauge",
    "Whether the device's running configuration is not the one it would start with.",
    ("device",),
)
CONFIG_CHANGED_AT = MetricFamily(
    "ringwacht_config_changed_timestamp_seconds",
    "gauge",
    "When the device's configuration was last found to be another one than before.",
    ("device",),
)
