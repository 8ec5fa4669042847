"""What the synthetic recordings of radio relays, part B, mean in neutral families: each value of each recording."""

from __future__ import annotations

EXPECTED = {
    "alcoma": """
        received_level_dbm: 1 -51
        transmit_level_dbm: 1 17
        transmit_muted: 1 0
        link_up: 1 1
        snr_db: 1 27.4
        modulation_order: 1 tx 128
        capacity_bits_per_second: 1 tx 282e6
        frequency_hertz: 1 tx 12863.5e6, 1 rx 13129.5e6
        temperature_celsius: 1 29
    """,
    "aviat_wtm": """
        received_level_dbm: Carrier1/1 -41.2
        transmit_level_dbm: Carrier1/1 22.1
        transmit_muted: Carrier1/1 0, 12 1
        link_up: Carrier1/1 1, 12 0
        snr_db: Carrier1/1 38.7
        modulation_order: Carrier1/1 tx 4096, Carrier1/1 rx 1024
        capacity_bits_per_second: Carrier1/1 tx 612480e3, Carrier1/1 rx 540e6, 12 tx 0, 12 rx 0
        frequency_hertz: Carrier1/1 tx 18143.75e6, Carrier1/1 rx 19153.75e6
        defected_blocks_total: Carrier1/1 70, 12 9001
        errored_seconds_total: Carrier1/1 8, 12 4000
        severely_errored_seconds_total: Carrier1/1 1, 12 3900
        background_block_errors_total: Carrier1/1 55, 12 8000
        unavailable_seconds_total: Carrier1/1 2, 12 5000
    """,
    "ericsson_minilink_pt": """
        received_level_dbm: 1 -41.7
        transmit_level_dbm: 1 14
        transmit_muted: 1 0, 2 1
        link_up: 1 1, 2 0
        snr_db: 1 32.5
        xpi_db: 1 24.8
        modulation_order: 1 tx 1024, 1 rx 512, 2 tx 4
        capacity_bits_per_second: 1 tx 1015e6, 2 tx 0
        frequency_hertz: 1 tx 74375e6, 1 rx 84375e6, 2 tx 74625e6
        errored_seconds_total: 1 12, 2 4001
        severely_errored_seconds_total: 1 3, 2 3990
        background_block_errors_total: 1 17, 2 0
        unavailable_seconds_total: 1 60, 2 86000
    """,
    "ericsson_minilink_tn": """
        received_level_dbm: 1/3/1 -43.7, RF main -52.1
        transmit_level_dbm: 1/3/1 18, RF main -4
        transmit_muted: 1/3/1 0, 1/3/2 1
        link_up: 1/3/1 1, 1/3/2 0, Hop to the mill 1
        xpi_db: 1/3/1 21.5
        modulation_order: 1/3/1 tx 1024, 1/3/1 rx 512, 1/3/2 tx 4, Hop to the mill tx 16384, Hop to the mill rx 8192
        capacity_bits_per_second: 1/3/1 tx 368e6, 1/3/2 tx 0, Hop to the mill tx 980e6
        errored_seconds_total: 1/3/1 0
        severely_errored_seconds_total: 1/3/1 0
        background_block_errors_total: 1/3/1 0
        unavailable_seconds_total: 1/3/1 0
    """,
    "huawei_rtn": """
        received_level_dbm: 23.255.1 -41.7
        expected_level_dbm: 23.255.1 -40
        transmit_level_dbm: 23.255.1 19.5
        transmit_muted: 23.255.1 0, 25.255.1 1
        frequency_hertz: 23.255.1 tx 14501e6, 23.255.1 rx 14921e6
    """,
    "mimosa": """
        received_level_dbm: 1 -48.2
        transmit_level_dbm: 1 23
        link_up: 1 1
        snr_db: 1 26.2
        capacity_bits_per_second: 1 tx 520e6, 1 rx 390e6
        temperature_celsius: 1 43.7
    """,
    "nec_ipasolink": """
        received_level_dbm: Modem 1 -39.4
        transmit_level_dbm: Modem 1 18.5
        link_up: Modem 1 1, 25231360 0
        modulation_order: Modem 1 tx 256, Modem 1 rx 512, 25231360 tx 4
        capacity_bits_per_second: Modem 1 tx 318e6
        frequency_hertz: Modem 1 tx 18580e6, Modem 1 rx 19590e6
        temperature_celsius: Modem 1 41
        errored_seconds_total: Modem 1 0
        severely_errored_seconds_total: Modem 1 0
        background_block_errors_total: Modem 1 0
        unavailable_seconds_total: Modem 1 0
    """,
    "nokia_9500": """
        received_level_dbm: mast-north -39.2
        remote_received_level_dbm: mast-north -40.1
        transmit_level_dbm: mast-north 21.5
        transmit_muted: mast-north 0, 35717120 1
        link_up: mast-north 1, 35717120 0
        frequency_hertz: mast-north  18715e6
        temperature_celsius: mast-north 38
        errored_seconds_total: mast-north 0
        severely_errored_seconds_total: mast-north 0
        background_block_errors_total: mast-north 0
        unavailable_seconds_total: mast-north 0
    """,
    "racom_ray2": """
        received_level_dbm: 1 -45.2
        transmit_level_dbm: 1 4
        link_up: 1 1
        snr_db: 1 33.1
        modulation_order: 1 tx 128, 1 rx 256
        capacity_bits_per_second: 1 tx 160e6
        frequency_hertz: 1 tx 17110e6, 1 rx 17210e6
        temperature_celsius: 1 27.75
        defected_blocks_total: 1 23
    """,
    "racom_ray3": """
        received_level_dbm: 1 -48.8
        transmit_level_dbm: 1 10
        link_up: 1 1
        mse_db: 1 -31.4
        modulation_order: 1 tx 256, 1 rx 1024
        capacity_bits_per_second: 1 tx 412.3e6
        frequency_hertz: 1 tx 24150e6, 1 rx 24050e6
        temperature_celsius: 1 -3.5
    """,
    "saf_integra_b": """
        received_level_dbm: 1 -44
        transmit_level_dbm: 1 15
        transmit_muted: 1 0
        link_up: 1 1
        mse_db: 1 -36.2
        modulation_order: 1 tx 4, 1 rx 256
        capacity_bits_per_second: 1 tx 86e6, 1 rx 366e6
        frequency_hertz: 1 tx 17185e6, 1 rx 17285e6
        temperature_celsius: 1 37
    """,
    "saf_integra_e": """
        received_level_dbm: 1 -38
        transmit_level_dbm: 1 10
        transmit_muted: 1 1
        link_up: 1 1
        mse_db: 1 -28.7
        modulation_order: 1 rx 64
        capacity_bits_per_second: 1 tx 95e6, 1 rx 1800e6
        frequency_hertz: 1 tx 73125e6, 1 rx 83125e6
        temperature_celsius: 1 41.2
        defected_blocks_total: 1 64
        errored_seconds_total: 1 21
        severely_errored_seconds_total: 1 4
        background_block_errors_total: 1 60
        unavailable_seconds_total: 1 12
    """,
    "siklu": """
        received_level_dbm: 1 -47, 2 -84
        transmit_level_dbm: 1 6, 2 -35
        transmit_muted: 1 0, 2 1
        link_up: 1 1, 2 0
        snr_db: 1 21
        modulation_order: 1 tx 16, 2 tx 4
        frequency_hertz: 1 tx 73125e6
        temperature_celsius: 1 36, 2 31
    """,
}
"""Every neutral value of a recording: a line for each family of radios, with label values and value."""

PROFILES = {"saf_integra_b": "saf-integra", "saf_integra_e": "saf-integra", "nokia_9500": "generic+nokia-9500"}
"""Where the profile is not named as the recording; a probe adds the radios to what else the router is."""


def values(text: str) -> dict[str, float]:
    """Read a text of ``EXPECTED`` as ``neutral`` names series."""
    found: dict[str, float] = {}
    for line in text.split("\n"):
        family, _, rows = line.strip().partition(": ")
        for row in filter(None, rows.split(", ")):
            labels, _, value = row.rpartition(" ")
            found[f"radio_{family} {labels}"] = float(value)
    return found
