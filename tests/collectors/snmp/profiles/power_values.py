"""What the synthetic recordings of power devices mean in neutral families: each value of each recording."""

from __future__ import annotations

POWER = {
    "ups_mib": """
        ups_self_test_running: 1
        ups_self_test_timestamp_seconds: 1799999990
        ups_runtime_low_seconds: 300
        ups_on_battery: 1
        ups_runtime_seconds: 240
        ups_charge_ratio: 0.37
        ups_load_ratio: 0.41
        ups_battery_temperature_celsius: 29
        ups_battery_low: 1
        ups_battery_replace: 1
        ups_on_bypass: 0
        ups_input_voltage_volts: 1 0
        ups_output_power_watts: 612
    """,
    "apc_ups": """
        ups_self_test_running: 1
        ups_self_test_timestamp_seconds: 1727740800
        ups_battery_installed_timestamp_seconds: 1685491200
        ups_runtime_low_seconds: 120
        ups_on_battery: 0
        ups_runtime_seconds: 2520
        ups_charge_ratio: 0.998
        ups_load_ratio: 0.436
        ups_battery_temperature_celsius: 27.4
        ups_battery_low: 0
        ups_battery_replace: 1
        ups_on_bypass: 0
        ups_input_voltage_volts: 1 231, 2 228
    """,
    "apc_pdu": """
        pdu_power_watts: inlet 2020, phase 1 1210, outlet 1 Last A 101
        pdu_energy_joules_total: inlet 3600360e3, outlet 1 Last A 360360e3
        pdu_current_amperes: phase 1 5.1, phase 2 4.2, guest 2 phase 1 1.3, bank 1 2.5, outlet 1 Last A 0.5
        pdu_current_amperes: bank 2 2.2
        pdu_voltage_volts: phase 1 221, phase 2 222
        pdu_outlet_on: 1 Last A 1, 2 Last A 0, 3 1, 4 Last D 0
        hardware_ok: power supply 1 1, guest 2 power supply 1 0
        sensor_temperature_celsius: Fach 1 20.1, Fach 2 -2.5
        sensor_humidity_ratio: Fach 1 0.55
        sensor_ok: Fach 1 1, Fach 2 1, Fach 4 0
        sensor_door_open: Melder C 1
        sensor_smoke: Melder A 0
        sensor_motion: Melder D 0
        sensor_vibration: Melder E 1
        sensor_contact_alarm: Melder H 0
        sensor_leak: Melder B 1
    """,
    "eaton_xups": """
        ups_self_test_running: 0
        ups_on_battery: 0
        ups_charge_ratio: 0.61
        ups_load_ratio: 1.04
        ups_battery_temperature_celsius: 33
        ups_battery_low: 1
        ups_battery_replace: 1
        ups_on_bypass: 1
        ups_self_test_passed: 0
        ups_input_voltage_volts: 1 228, 2 231, 3 0
        ups_output_power_watts: 2860
        pdu_outlet_on: 1 1, 2 0, 4 1
        hardware_temperature_celsius: ambient 31
        sensor_temperature_celsius: EMP -4
        sensor_humidity_ratio: EMP 0.57
        sensor_contact_alarm: Rauchmelder 0, 5 1, Tuer 1
    """,
    "raritan_pdu2": """
        pdu_current_amperes: inlet 1 7.312, inlet 1 L1 4.1, outlet 1 Switch 0.412
        pdu_voltage_volts: inlet 1 231, inlet 1 L2 230.4
        pdu_power_watts: inlet 1 1654, pdu 2 inlet 1 120.5, outlet 1 Switch 93
        pdu_energy_joules_total: inlet 1 10800043200, outlet 1 Switch 14475600
        pdu_outlet_on: 1 Switch 1, 2 0, pdu 2 outlet 1 1
        sensor_temperature_celsius: Rack oben -2.1, Rack unten 22.5
        sensor_humidity_ratio: Rack oben Feuchte 0.62
        sensor_dew_point_celsius: Taupunkt 11.3
        sensor_airflow_meters_per_second: Luft 0.4
        sensor_leak: Doppelboden 1
        sensor_smoke: Rauch 0
        sensor_vibration: 1.12 0
        sensor_motion: Bewegung 0
        sensor_contact_alarm: Kontakt 1
        sensor_door_open: Rack-Tuer 1
        sensor_ok: Rack oben 1, Rack oben Feuchte 1, Doppelboden 1, Rack unten 1, Rack-Tuer 1, Rauch 1, verloren 0
        sensor_ok: Taupunkt 1, Luft 1, Bewegung 1, 1.12 1, Kontakt 1
    """,
    "gude_esb7213": """
        sensor_temperature_celsius: Serverraum 23.4, sensor 2 -6.2
        sensor_humidity_ratio: Serverraum 0.412
        sensor_air_pressure_pascals: Serverraum 100900
        sensor_dew_point_celsius: Serverraum 9.4
    """,
    "gude_epc8221": """
        sensor_temperature_celsius: sensor 2 27.1
        sensor_humidity_ratio: sensor 2 0.38
        pdu_outlet_on: 1 Switch 1, 2 Router 0
        pdu_current_amperes: line 1 5.12
        pdu_voltage_volts: line 1 229
        pdu_power_watts: line 1 1130
    """,
    "rittal_cmc_iii_pdu": """
        sensor_temperature_celsius: Sensor Ost Temperature 20.25
        sensor_humidity_ratio: Sensor Ost Humidity 0.505
        sensor_dew_point_celsius: Sensor Ost Dew Point -2.5
        sensor_motion: Sensor Ost Motion 1
        sensor_ok: Feed A 1, Sensor West 0, Sensor Ost 1, Zentrale 0
        hardware_temperature_celsius: Feed A System.Temperature 40.1
        hardware_voltage_volts: Feed A System.Supply 24V 24.01
        pdu_voltage_volts: Feed A Phase L1 220.1
        pdu_current_amperes: Feed A Phase L1 3.01, Feed A Sockets.Socket 07 1.01
        pdu_power_watts: Feed A Phase L1 660, Feed A Unit 1001
        pdu_energy_joules_total: Feed A Phase L1 180e6
    """,
    "entity_sensor": """
        hardware_temperature_celsius: CPU 42.3
        hardware_voltage_volts: Power Supply 1 Output voltage 13 11.98
        hardware_current_amperes: Power Supply 1 Output current 17 3.1
        hardware_power_watts: Power Supply 1 Input power 16 1450
        hardware_fan_speed_rpm: Fan 1 5400
        sensor_humidity_ratio: Intake 0.38
        optical_received_level_dbm: Te1/1 -7.42
        optical_transmit_level_dbm: Ethernet5 -3.010299957
    """,
}
"""A line for each family: label values but the room, and value."""

REAL = {
    "eaton-93e-80": """
        ups_self_test_running: 0
        ups_runtime_low_seconds: 180
        ups_on_battery: 0
        ups_runtime_seconds: 65535
        ups_charge_ratio: 1
        ups_load_ratio: 0.21
        ups_battery_temperature_celsius: 25
        ups_battery_low: 0
        ups_battery_replace: 0
        ups_on_bypass: 0
        ups_input_voltage_volts: 1 227, 2 227, 3 233
        ups_output_power_watts: 11400
        hardware_temperature_celsius: ambient 25
    """,
    "eaton-9px-partial": """
        ups_on_battery: 0
        ups_runtime_seconds: 17218
        ups_charge_ratio: 1
        ups_load_ratio: 0.09
        ups_battery_replace: 0
        ups_on_bypass: 0
        ups_input_voltage_volts: 1 243
        ups_output_power_watts: 50
        pdu_outlet_on: 1 1, 2 1
        hardware_temperature_celsius: ambient 24
    """,
    "phoenixtec-power": """
        ups_self_test_running: 0
        ups_on_battery: 0
        ups_charge_ratio: 1
        ups_load_ratio: 0
        ups_battery_temperature_celsius: 31
        ups_battery_low: 0
        ups_battery_replace: 0
        ups_on_bypass: 0
        ups_input_voltage_volts: 1 238
    """,
    "ingrasys-power-switch": """
        ups_self_test_running: 0
        ups_on_battery: 0
        ups_charge_ratio: 1
        ups_load_ratio: 0.33
        ups_battery_temperature_celsius: 32
        ups_battery_low: 0
        ups_battery_replace: 0
        ups_on_bypass: 0
        ups_input_voltage_volts: 1 228, 2 229, 3 227
        ups_output_power_watts: 21100
    """,
    "eastpower-istars-swv053": """
        ups_self_test_running: 0
        ups_on_battery: 0
        ups_charge_ratio: 1
        ups_load_ratio: 0.3
        ups_battery_temperature_celsius: 36
        ups_battery_low: 0
        ups_battery_replace: 0
        ups_on_bypass: 0
        ups_input_voltage_volts: 1 236, 2 236, 3 234
    """,
    "apc-7902b": """
        pdu_power_watts: inlet 192
        pdu_current_amperes: phase 1 1.6, bank 1 0, bank 2 1.1
        hardware_ok: power supply 1 1, power supply 2 1
    """,
    "apc-8641": """
        pdu_power_watts: inlet 1210, phase 1 1220
        pdu_energy_joules_total: inlet 7025760e3
        pdu_voltage_volts: phase 1 201
        pdu_current_amperes: phase 1 6.5, bank 1 3.8, bank 2 2.4
        hardware_ok: power supply 1 1, power supply 2 1
    """,
    "apc-8932": """
        pdu_power_watts: inlet 160, phase 1 160
        pdu_energy_joules_total: inlet 2313360e3
        pdu_voltage_volts: phase 1 121
        pdu_current_amperes: phase 1 1.4, bank 1 1.3, bank 2 0
        hardware_ok: power supply 1 1, power supply 2 1
    """,
}
"""The same of real devices' recordings, of PDU without the outlets."""
