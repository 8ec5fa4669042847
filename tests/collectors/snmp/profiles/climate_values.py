"""What the synthetic recordings of climate monitors mean in neutral families: each value of each recording."""

from __future__ import annotations

CLIMATE = {
    "apc_climate": """
        sensor_temperature_celsius: Schrank 1 23, Schrank 2 25, Probe 1 22.222222222, MM:1 22.4
        sensor_humidity_ratio: Schrank 1 0.44, Probe 1 0.38, MM:1 0.51
        sensor_contact_alarm: Tuer 0, Brand 1, Kontakt 1 0, Kontakt 2 1, Kontakt 3 1, Kontakt 4 0, USV-Alarm 1
        sensor_contact_alarm: Klima 0
        sensor_ok: Probe 1 1, Probe 2 0, MM:1 1, T1:1 0
        sensor_smoke: Rauch 0
        sensor_vibration: Stoss 1
        sensor_leak: Boden 1, Seil 0
        sensor_door_open: Racktuer 0
    """,
    "apc_uio": """
        sensor_temperature_celsius: Rack oben 24, sensor 3.2 20, Aussenschrank -1
        sensor_humidity_ratio: Rack oben 0.39
        sensor_ok: Rack oben 1, Aussenschrank 1, ungueltig 1, verloren 0, sensor 3.2 1
        sensor_contact_alarm: Tuer 0, Rauch 1
    """,
    "kentix": """
        sensor_temperature_celsius: MultiSensor-LAN 18.2, MultiSensor-RACK 30.3, Raum A 20.1, Raum B 0
        sensor_humidity_ratio: MultiSensor-LAN 0.503, Raum A 0.305, Raum B 0.405
        sensor_dew_point_celsius: MultiSensor-LAN 7.7, Raum A 2.1, Raum B 0
        sensor_leak: Raum A 0, Raum B 1
        sensor_contact_alarm: Raum A 0, Raum B 1
        sensor_ok: Raum A 1, Raum B 1, Raum D 0
    """,
    "akcp_sensorprobeplus": """
        sensor_temperature_celsius: Rack oben 24.3, ohne Rohwert 19, Rack unten 21.111111111
        sensor_ok: Rack oben 1, Rack unten 1, defekt 0, ohne Rohwert 1, Rack oben Feuchte 1, defekt Feuchte 0
        sensor_ok: Boden 1, Boden defekt 0, Rauch 1, Seil 1, Netz Schrank 1, Netz Mast 1, Netz defekt 0
        sensor_voltage_present: Netz Schrank 1, Netz Mast 0
        sensor_humidity_ratio: Rack oben Feuchte 0.41
        sensor_contact_alarm: Tuer 1, Kontakt 0
        sensor_motion: Bewegung 0
        sensor_leak: Boden 1, Seil 0
        sensor_smoke: Rauch 0
        sensor_door_open: Eingang 1, Hof 0
    """,
    "akcp_sensorprobe": """
        sensor_temperature_celsius: Port 1 23, Port 2 30
        sensor_ok: Port 1 1, Port 2 1, Port 4 0
        sensor_humidity_ratio: Feuchte 1 0.52
        sensor_leak: Wasser 1
        sensor_contact_alarm: Kontakt 0
        sensor_motion: Bewegung 0
    """,
    "hwgroup_poseidon": """
        sensor_temperature_celsius: Aussen -3.7, Raum 25.1, USA 25, Labor 22.05
        sensor_humidity_ratio: Feuchte 0.463
        sensor_dew_point_celsius: Taupunkt 8.8
        sensor_ok: Aussen 1, Raum 1, Feuchte 1, verloren 0, USA 1, Taupunkt 1, Labor 1, Spannung 1
        sensor_contact_alarm: Tuer 0, Rauch 1
    """,
    "hwgroup_ste2": """
        sensor_temperature_celsius: Raum 24.6, sensor 4 31
        sensor_humidity_ratio: Feuchte 0.712
        sensor_ok: Raum 1, Feuchte 1, verloren 0, sensor 4 1
        sensor_contact_alarm: Tuer 0, input 2 1
    """,
    "hwgroup_ste": """
        sensor_temperature_celsius: Sensor 1 25
        sensor_ok: Sensor 1 1
    """,
    "hwgroup_wld": """
        sensor_leak: Doppelboden 0, Klima 1
        sensor_ok: Doppelboden 1, Klima 1, Kabel 0
    """,
    "netbotz": """
        sensor_temperature_celsius: Rack vorn 25.3, nbB_TEMP -1.2
        sensor_humidity_ratio: Rack vorn Feuchte 0.436
        sensor_dew_point_celsius: Rack vorn Taupunkt 11.8
        sensor_airflow_meters_per_second: Luft 0.22
        sensor_contact_alarm: Klima 1, USV 0
        sensor_door_open: Vorn 1, Hinten 0
        sensor_motion: Kamera 1
    """,
    "vutlan": """
        sensor_temperature_celsius: Onboard 27.5, CAN 1 -3.5
        sensor_humidity_ratio: Feuchte 0.71
        sensor_smoke: Rauch 0
        sensor_leak: Boden 1
        sensor_motion: Flur 0
    """,
    "didactum": """
        sensor_temperature_celsius: Onboard Temperature 27, CAN Temperatur 41.5
        sensor_humidity_ratio: Feuchte 0.225, CAN Feuchte 0.47
        sensor_smoke: Rauch 0
        sensor_leak: Boden 1
        sensor_motion: Flur 0
        sensor_contact_alarm: Klima 0, Tuer 1
        pdu_outlet_on: Licht 1, Sirene 0
    """,
    "geist_celsius": """
        sensor_temperature_celsius: Watchdog 22.4, Rack oben 27, Luft 20, Taupunkt 20, T3HD 19, T3HD A 11, THD -19
        sensor_dew_point_celsius: Watchdog 8, Luft 7, Taupunkt 7.2, T3HD 7, THD -20
        sensor_humidity_ratio: Watchdog 0.36, Luft 0.41, Taupunkt 0.42, T3HD 0.44, THD 0.3
        sensor_ok: Watchdog 1, Rack oben 1, weg 0, Luft 1, Taupunkt 1, T3HD 1, T3HD A 1, T3HD B 0, THD 1
        pdu_current_amperes: Zaehler 3.1
        pdu_voltage_volts: Zaehler 229
        pdu_power_watts: Zaehler 640
        pdu_energy_joules_total: Zaehler 43200000
    """,
    "geist_fahrenheit": """
        sensor_temperature_celsius: Watchdog 22.444444444, Rack oben 27, Luft 20, Taupunkt 20, T3HD 19, T3HD A 11
        sensor_temperature_celsius: THD -19
        sensor_dew_point_celsius: Watchdog 8, Luft 7, Taupunkt 7.222222222, T3HD 7, THD -20
        sensor_humidity_ratio: Watchdog 0.36, Luft 0.41, Taupunkt 0.42, T3HD 0.44, THD 0.3
        sensor_ok: Watchdog 1, Rack oben 1, weg 0, Luft 1, Taupunkt 1, T3HD 1, T3HD A 1, T3HD B 0, THD 1
        pdu_current_amperes: Zaehler 3.1
        pdu_voltage_volts: Zaehler 229
        pdu_power_watts: Zaehler 640
        pdu_energy_joules_total: Zaehler 43200000
    """,
}
"""A line for each family: label values but the room, and value."""
