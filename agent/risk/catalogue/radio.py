"""Radio hops."""

from __future__ import annotations

from agent.risk.rule import Rule

RADIO_FADING = "radio_fading"
RADIO_LEVEL_LOW = "radio_level_low"
RADIO_INTERFERENCE = "radio_interference"
RADIO_PROTECTION_LOST = "radio_protection_lost"
RADIO_CAPACITY_LOW = "radio_capacity_low"
RADIO_AVAILABILITY_MISSED = "radio_availability_missed"

TABLE: tuple[Rule, ...] = (
    Rule(
        RADIO_FADING,
        severity="info; warning where less than 3 dB are left above the threshold, or it carries less than it must",
        meaning=(
            "A radio hop receives at least 10 dB less than expected; or 3 dB, where that costs it capacity or leaves "
            "less than 10 dB above the threshold. The text says what it probably is: rain that also takes of "
            "neighbouring hops, multipath in the night, one end alone, or something in the way of this hop alone. One "
            "front over several hops is told once."
        ),
        runbook=(
            "Rain: nothing to do. It is back when the front has passed; no work on the ring until then.",
            "Multipath (calm nights, quick changes, both directions unequal): it ends in the morning. Where it comes "
            "often, ask the planner for space diversity.",
            "This hop alone, by day: look whether something stands in the way (crane, tree, scaffold), or whether an "
            "antenna has moved.",
            "The margin is small: expect the hop to fail. Is the ring closed the other way?",
        ),
        hold=900.0,
        clear=3600.0,  # a front that moves on is told once, and the cells of a storm follow each other
    ),
    Rule(
        RADIO_LEVEL_LOW,
        severity="warning",
        meaning=(
            "The received level has been at least 3 dB below the expected one for the last six hours, dry hours only "
            "(the median of those in which no neighbouring hop faded); or the margin that this leaves above the "
            "threshold is less than `fade_margin_required`. Automatic transmit power is taken into account. So it is "
            "no weather: an antenna has moved (about 20 dB: it looks with a side lobe), an antenna, feeder or "
            "connector is faulty, or one transmitter or receiver is."
        ),
        runbook=(
            "Both directions low alike: antenna, feeder, or something in the way. Compare with the commissioning "
            "sheet; look at the antennas and their mounts after a storm.",
            "About 20 dB low since commissioning or since a storm: align anew, the antenna looks with a side lobe.",
            "One direction only: the transmitter at the far end or the receiver at this one. Swap to the standby "
            "radio where there is one, and compare.",
            "Was it rebuilt or given another power on purpose? Then enter the new `commissioned_level` and "
            "`commissioned_transmit`.",
        ),
        hold=900.0,
        clear=1800.0,
        leads=False,
    ),
    Rule(
        RADIO_INTERFERENCE,
        severity="warning",
        meaning=(
            "The level is as expected, yet the signal is unclean: its mean square error or signal-to-noise ratio is "
            "not good enough for the planned modulation (`reference_modulation`, else 64QAM), and capacity or "
            "modulation is short as well; or it is 2 dB worse than that."
        ),
        runbook=(
            "Somebody else sends on the frequency, or the own hop disturbs itself: was a radio installed near by?",
            "A hop with two polarisations: look at the cross-polar discrimination; an antenna may have turned.",
            "Mute the far end for a minute (announced, with the ring closed) and read the level: what is still "
            "received is the interferer. The Bundesnetzagentur's measuring service helps with licensed frequencies.",
        ),
        hold=900.0,
        clear=900.0,
        leads=False,
    ),
    Rule(
        RADIO_PROTECTION_LOST,
        severity="warning; info where the hop runs on its second radio and nothing says that the first one failed",
        meaning=(
            "A hop with 1+1 protection has no second radio that would take over: one has failed, or is not seen. Or "
            "it runs on the radio that stands by; a standby that is muted is healthy. While the hop is down this is "
            "not judged."
        ),
        runbook=(
            "The evidence names end and port. Replace the failed radio: the next failure cuts the hop.",
            "Switched over with both well: find out why (log of the radio), then switch back at a quiet hour.",
        ),
        leads=False,
    ),
    Rule(
        RADIO_CAPACITY_LOW,
        severity="warning",
        meaning=(
            "A hop carries less than its `capacity`, or runs below its `reference_modulation`, and no fade explains "
            "it; or one of its carriers is down (2+0: half the capacity is left)."
        ),
        runbook=(
            "A carrier is down: its radio, its cable, or its polarisation. The evidence names end and port.",
            "No carrier is down: is a licence, a fixed modulation or a wrong profile set? Compare both ends.",
            "The declared `capacity` is what the radio carries under a clear sky, not the speed of its Ethernet port.",
        ),
        hold=600.0,
        clear=900.0,
        leads=False,
    ),
    Rule(
        RADIO_AVAILABILITY_MISSED,
        severity="warning",
        meaning=(
            "Within the last 31 days the radios counted more unavailable seconds than `availability_required` allows "
            "in a whole year."
        ),
        runbook=(
            "When was it: in storms, in calm nights, or at any time? Compare with the predicted availability "
            "(ringwacht_radio_hop_availability_predicted_ratio): if that is worse than required, the plan was.",
            "Not weather: look at radio_level_low and radio_interference of the same hop.",
        ),
        leads=False,
    ),
)
