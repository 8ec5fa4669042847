"""The vendor-neutral families: what judgement reads of a device, whoever made it. Declared once, in base units.

Labels are those beyond the device's own. ``port`` is the port of a radio (carriers of one hop are ports of it) or the
name of an interface; ``room`` is the room of the inventory; everything else is the device's own name for the thing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from agent.contract import MetricFamily, MetricType

Range = tuple[float, float]
_declared: dict[MetricFamily, Range] = {}
_RATIO: Range = (0, 1)
_POSITIVE: Range = (0, math.inf)
_LEVEL: Range = (-120, 20)


def _declare(name: str, kind: MetricType, text: str, labels: tuple[str, ...], within: Range) -> MetricFamily:
    family = MetricFamily(f"ringwacht_{name}", kind, text, labels)
    _declared[family] = within
    return family


def _gauge(name: str, text: str, *labels: str, within: Range = _POSITIVE) -> MetricFamily:
    return _declare(name, "gauge", text, labels, within)


def _counter(name: str, text: str, *labels: str) -> MetricFamily:
    return _declare(name, "counter", text, labels, _POSITIVE)


def _states(name: str, text: str, *labels: str) -> MetricFamily:
    """A state set: 1 for the state that holds, 0 for the others; the last label is ``state``."""
    return _declare(name, "gauge", text, (*labels, "state"), _RATIO)


# --- any device -----------------------------------------------------------------------------------------------------
DEVICE_INFO = _gauge("device_info", "1, with what the device says of itself.", "vendor", "model", "serial", "firmware")
DEVICE_UPTIME = _gauge(
    "device_uptime_seconds",
    "Time since the host started, or else its SNMP agent; wraps after 497 days, which is no reboot.",
)

# --- radio relay -----------------------------------------------------------------------------------------------------
RADIO_RECEIVED_LEVEL = _gauge(
    "radio_received_level_dbm", "Received signal level of the carrier in dBm.", "port", within=_LEVEL
)
RADIO_REMOTE_LEVEL = _gauge(
    "radio_remote_received_level_dbm", "Received signal level at the far end in dBm.", "port", within=_LEVEL
)
RADIO_EXPECTED_LEVEL = _gauge(
    "radio_expected_level_dbm",
    "Received level that the radio was set up for, or calculates, in dBm.",
    "port",
    within=_LEVEL,
)
RADIO_TRANSMIT_LEVEL = _gauge(
    "radio_transmit_level_dbm", "Transmit level of the carrier in dBm.", "port", within=(-60, 60)
)
RADIO_TRANSMIT_MUTED = _gauge(
    "radio_transmit_muted", "1 while the transmitter is muted, else 0.", "port", within=_RATIO
)
RADIO_MSE = _gauge(
    "radio_mse_db", "Mean square error of the demodulator in dB (more negative is better).", "port", within=(-90, 20)
)
RADIO_SNR = _gauge("radio_snr_db", "Signal-to-noise (and interference) ratio in dB.", "port", within=(-40, 80))
RADIO_XPI = _gauge("radio_xpi_db", "Cross-polar interference or discrimination in dB.", "port", within=(-90, 90))
RADIO_MODULATION = _gauge(
    "radio_modulation_order", "Constellation points of the modulation in use.", "port", "direction", within=(2, 16384)
)
RADIO_CAPACITY = _gauge(
    "radio_capacity_bits_per_second", "Bit rate of the profile in use.", "port", "direction", within=(0, 1e12)
)
RADIO_FREQUENCY = _gauge(
    "radio_frequency_hertz", "Carrier frequency, a value of the licence.", "port", "direction", within=(1e6, 1e12)
)
RADIO_DISTANCE = _gauge("radio_distance_meters", "Length of the hop as the radio measures it.", "port", within=(0, 1e6))
RADIO_TEMPERATURE = _gauge("radio_temperature_celsius", "Temperature inside the radio unit.", "port", within=(-60, 150))
RADIO_LINK_UP = _gauge(
    "radio_link_up", "1 where the radio itself says that the hop is up, else 0.", "port", within=_RATIO
)
RADIO_DEFECTED_BLOCKS = _counter("radio_defected_blocks_total", "Defected blocks counted by the radio.", "port")
RADIO_ERRORED_SECONDS = _counter("radio_errored_seconds_total", "Errored seconds (ITU-T G.826, G.828).", "port")
RADIO_SEVERELY_ERRORED_SECONDS = _counter(
    "radio_severely_errored_seconds_total", "Severely errored seconds (ITU-T G.826, G.828).", "port"
)
RADIO_UNAVAILABLE_SECONDS = _counter(
    "radio_unavailable_seconds_total", "Unavailable seconds (ITU-T G.826, G.828).", "port"
)
RADIO_BLOCK_ERRORS = _counter(
    "radio_background_block_errors_total", "Background block errors (ITU-T G.826, G.828).", "port"
)

# --- uninterruptible power supplies (no labels beyond the device) ----------------------------------------------------
UPS_ON_BATTERY = _gauge("ups_on_battery", "1 while the load is fed from the battery, else 0.", within=_RATIO)
UPS_RUNTIME = _gauge("ups_runtime_seconds", "Estimated seconds on battery at the present load.", within=(0, 1e8))
UPS_CHARGE = _gauge("ups_charge_ratio", "Battery charge, 0 to 1.", within=_RATIO)
UPS_LOAD = _gauge("ups_load_ratio", "Output load, 0 to 1 (above 1: overload).", within=(0, 10))
UPS_BATTERY_TEMPERATURE = _gauge("ups_battery_temperature_celsius", "Temperature of the battery.", within=(-40, 120))
UPS_BATTERY_LOW = _gauge("ups_battery_low", "1 while the battery is low or depleted, else 0.", within=_RATIO)
UPS_BATTERY_REPLACE = _gauge("ups_battery_replace", "1 while the UPS asks for a new battery, else 0.", within=_RATIO)
UPS_SELF_TEST_PASSED = _gauge(
    "ups_self_test_passed", "1 where the last self-test passed, 0 where it failed.", within=_RATIO
)
UPS_SELF_TEST_RUNNING = _gauge(
    "ups_self_test_running", "1 while a self-test or a calibration runs, else 0.", within=_RATIO
)
UPS_SELF_TEST_AT = _gauge(
    "ups_self_test_timestamp_seconds", "When the last self-test was run, seconds since the epoch.", within=(1, 1e11)
)
UPS_BATTERY_INSTALLED = _gauge(
    "ups_battery_installed_timestamp_seconds",
    "When the battery was installed or, where only that is known, made, seconds since the epoch.",
    within=(1, 1e11),
)
UPS_RUNTIME_LOW = _gauge(
    "ups_runtime_low_seconds", "Runtime from which on the UPS says that its battery is low.", within=(0, 1e8)
)
UPS_CLIENTS = _gauge("ups_shutdown_clients", "Computers that are connected to be shut down in time.", within=(0, 1e6))
UPS_BYPASS = _gauge(
    "ups_on_bypass", "1 while the load is fed past the inverter, without protection, else 0.", within=_RATIO
)
LEAST_MAINS_VOLTS = 70.0
"""From here on a voltage is mains: none is lower (100 V less a tenth, less what a brown-out takes), and 48 V of direct
current stays below. What counts as dead is for each reader to say: they know different things."""

UPS_INPUT_VOLTAGE = _gauge("ups_input_voltage_volts", "Input voltage by phase.", "phase", within=(0, 1000))
UPS_OUTPUT_POWER = _gauge("ups_output_power_watts", "True power that the load takes, all phases.", within=(0, 1e8))

# --- power distribution: feed is the inlet, phase, bank or outlet ----------------------------------------------------
PDU_CURRENT = _gauge("pdu_current_amperes", "Current by feed (inlet, phase, bank or outlet).", "feed", within=(0, 1e4))
PDU_VOLTAGE = _gauge("pdu_voltage_volts", "Voltage by feed.", "feed", within=(0, 1000))
PDU_POWER = _gauge("pdu_power_watts", "True power by feed.", "feed", within=(0, 1e8))
PDU_ENERGY = _counter("pdu_energy_joules_total", "Energy by feed.", "feed")
PDU_OUTLET_ON = _gauge("pdu_outlet_on", "1 while the outlet is switched on, else 0.", "outlet", within=_RATIO)

# --- rooms -----------------------------------------------------------------------------------------------------------
_ROOM = ("room", "sensor")
SENSOR_TEMPERATURE = _gauge("sensor_temperature_celsius", "Temperature at the sensor.", *_ROOM, within=(-60, 150))
SENSOR_HUMIDITY = _gauge("sensor_humidity_ratio", "Relative humidity, 0 to 1.", *_ROOM, within=_RATIO)
SENSOR_DEW_POINT = _gauge(
    "sensor_dew_point_celsius", "Dew point as the sensor calculates it.", *_ROOM, within=(-80, 100)
)
SENSOR_AIRFLOW = _gauge("sensor_airflow_meters_per_second", "Speed of the air.", *_ROOM, within=(0, 100))
SENSOR_PRESSURE = _gauge("sensor_air_pressure_pascals", "Air pressure.", *_ROOM, within=(1e4, 2e5))
SENSOR_LEAK = _gauge("sensor_leak", "1 while water is detected, else 0.", *_ROOM, within=_RATIO)
SENSOR_SMOKE = _gauge("sensor_smoke", "1 while smoke is detected, else 0.", *_ROOM, within=_RATIO)
SENSOR_DOOR_OPEN = _gauge("sensor_door_open", "1 while the door is open, else 0.", *_ROOM, within=_RATIO)
SENSOR_MOTION = _gauge("sensor_motion", "1 while something moves, else 0.", *_ROOM, within=_RATIO)
SENSOR_VIBRATION = _gauge("sensor_vibration", "1 while vibration is detected, else 0.", *_ROOM, within=_RATIO)
SENSOR_CONTACT_ALARM = _gauge(
    "sensor_contact_alarm", "1 while the contact reports an alarm, else 0.", *_ROOM, within=_RATIO
)
INPUT_OF_PART = " input"
"""Is appended to a power supply's name where its feed is meant: "PSU1 input"."""

SENSOR_VOLTAGE_PRESENT = _gauge(
    "sensor_voltage_present", "1 while mains voltage is there, else 0.", *_ROOM, within=_RATIO
)
SENSOR_OK = _gauge("sensor_ok", "1 while the sensor works, 0 where it is lost or faulty.", *_ROOM, within=_RATIO)

# --- inside a device: never the climate of a room --------------------------------------------------------------------
HARDWARE_OK = _gauge(
    "hardware_ok", "1 where the part (fan, power supply, disk, array) is well, else 0.", "part", within=_RATIO
)
HARDWARE_LIFE = _gauge(
    "hardware_life_left_ratio", "What is left of the part's life (wear of a solid-state drive).", "part", within=_RATIO
)
REDUNDANCY_OK = _gauge(
    "hardware_redundancy_ok",
    "1 while the group of parts (power supplies, fans) has a part to spare, else 0.",
    "group",
    within=_RATIO,
)
HARDWARE_TEMPERATURE = _gauge(
    "hardware_temperature_celsius", "Temperature inside the device.", "part", within=(-60, 250)
)
HARDWARE_FAN = _gauge("hardware_fan_speed_rpm", "Revolutions of a fan per minute.", "part", within=(0, 2e5))
HARDWARE_VOLTAGE = _gauge("hardware_voltage_volts", "Voltage inside the device.", "part", within=(-1e4, 1e4))
HARDWARE_CURRENT = _gauge("hardware_current_amperes", "Current inside the device.", "part", within=(-1e4, 1e4))
HARDWARE_POWER = _gauge("hardware_power_watts", "Power that the part takes.", "part", within=(0, 1e8))

# --- ports -----------------------------------------------------------------------------------------------------------
OPTICAL_RECEIVED = _gauge(
    "optical_received_level_dbm", "Optical level received by the transceiver in dBm.", "port", within=(-60, 30)
)
OPTICAL_TRANSMIT = _gauge(
    "optical_transmit_level_dbm", "Optical level sent by the transceiver in dBm.", "port", within=(-60, 30)
)
POE_BUDGET = _gauge("poe_budget_watts", "Power over Ethernet that the supply can give.", "supply")
POE_USED = _gauge("poe_consumption_watts", "Power over Ethernet that is taken from the supply.", "supply")
POE_FAULT = _gauge("poe_fault", "1 where the port could not be fed, else 0.", "port", within=_RATIO)
ACCESS_PORTS = _gauge("access_ports", "Access ports by speed in bits per second; 0: no link.", "speed")

# --- rings and mobile ways -------------------------------------------------------------------------------------------
RING_PROTOCOL_STATE = _states(
    "ring_protocol_state", "State of a ring protocol (ERPS, RSTP, OSPF), of the ring or of a port of it.", "ring_port"
)
MOBILE_RSSI = _gauge(
    "mobile_rssi_dbm", "Received signal strength of the mobile network in dBm.", "modem", within=(-150, 0)
)
MOBILE_RSRP = _gauge(
    "mobile_rsrp_dbm", "Reference signal received power (3GPP TS 36.214) in dBm.", "modem", within=(-160, -20)
)
MOBILE_RSRQ = _gauge(
    "mobile_rsrq_db", "Reference signal received quality (3GPP TS 36.214) in dB.", "modem", within=(-60, 20)
)
MOBILE_SINR = _gauge("mobile_sinr_db", "Signal to interference and noise ratio in dB.", "modem", within=(-50, 60))

# --- firewalls and tunnels -------------------------------------------------------------------------------------------
VPN_TUNNEL_UP = _gauge("vpn_tunnel_up", "1 while the tunnel is up, else 0.", "tunnel", within=_RATIO)
VPN_TUNNELS_UP = _gauge("vpn_tunnels_up", "Tunnels that are up.")
VPN_TUNNELS_EXPECTED = _gauge("vpn_tunnels_expected", "Tunnels that are configured.")
HA_STATE = _states("ha_state", "Role of this member of a cluster: active, standby, failed, alone.", "member")
HA_PEER_UP = _gauge(
    "ha_peer_up", "1 while the other member of the cluster is there and in step, else 0.", "member", within=_RATIO
)
SESSIONS = _gauge("firewall_sessions", "Sessions, or connections, that the firewall follows.")
SESSIONS_LIMIT = _gauge("firewall_sessions_limit", "Sessions that it can follow, or that are licensed.")

# --- wireless LAN: counts only, never who ----------------------------------------------------------------------------
WLAN_ACCESS_POINT_UP = _gauge("wlan_access_point_up", "1 while the access point is up, else 0.", "ap", within=_RATIO)
WLAN_CLIENTS = _gauge("wlan_clients", "Clients that are connected.", "ap", "radio")
WLAN_UTILISATION = _gauge(
    "wlan_channel_utilisation_ratio", "Share of time that the channel is busy.", "ap", "radio", within=_RATIO
)

# --- servers, storage, printers that are read over SNMP --------------------------------------------------------------
PROCESSOR_LOAD = _gauge("processor_load_ratio", "Share of time that the processors work, 0 to 1.", within=_RATIO)
MEMORY_SIZE = _gauge("memory_size_bytes", "Main memory.")
MEMORY_AVAILABLE = _gauge("memory_available_bytes", "Main memory that programs can still have.")
STORAGE_SIZE = _gauge("storage_size_bytes", "Size of a file system or volume.", "volume")
STORAGE_FREE = _gauge("storage_free_bytes", "What is free of a file system or volume.", "volume")
PRINTER_STATE = _states("printer_state", "State of the printer (hrPrinterStatus).")
PRINTER_ERROR = _states("printer_error", "1 for each error that the printer reports (hrPrinterDetectedErrorState).")
PRINTER_SUPPLY = _gauge("printer_supply_ratio", "What is left of a supply, 0 to 1.", "supply", within=_RATIO)
PRINTER_TRAY = _gauge("printer_tray_ratio", "How full a paper tray is, 0 to 1.", "tray", within=_RATIO)
PRINTER_PAGES = _counter("printer_pages_total", "Pages printed in the printer's life.")

NEUTRAL: tuple[MetricFamily, ...] = tuple(_declared)
PLAUSIBLE: Mapping[str, Range] = {family.name: within for family, within in _declared.items()}
"""What a value of each family can be, by the family's name, both ends included. Anything else that a device says is a
sentinel of its own (-9999, 32767, 255) and no measurement."""
