"""Is all well, and if not, where? For everybody, on the wall."""

from __future__ import annotations

from grafana_foundation_sdk.builders import stat, statetimeline, timeseries
from grafana_foundation_sdk.builders.dashboard import Dashboard, Row

from agent import families, neutral
from agent.risk.catalogue.links import LINK_DOWN
from collectors.probe import families as probe
from grafana import states
from grafana.findings import counts, of_this_site, open_findings
from grafana.panels import Says, graph, stacked, tiles, timeline
from grafana.parts import Ask, board
from grafana.query import SITE, findings, of, of_rules, or_zero, rate, worst_of_sites

_DEVICES = of(families.UP, 'device!=""', SITE)
_EXPECTED = of(probe.SUCCESS, 'service!=""', SITE)
_CHECKED = of(families.PLUGIN_STATUS, 'service!=""', SITE)
_ANSWERED = of(families.UP, 'service!=""', SITE)
_CERTIFICATES = of(probe.CERT_EXPIRY, 'service!=""', SITE)
_HOPS = of(neutral.RADIO_LINK_UP, SITE)
_ME = of(families.BUILD_INFO)


def make() -> Dashboard:
    """Return the board."""
    return (
        board(
            "ringwacht-overview", "All sites at a glance: what stands open, what answers, and Ringwacht's own health."
        )
        .with_row(Row("Now"))
        .with_panel(_sites())
        .with_panel(open_findings(6))
        .with_panel(_devices())
        .with_panel(_links())
        .with_panel(_rooms())
        .with_panel(_ups())
        .with_panel(_services())
        .with_panel(_certificates())
        .with_row(Row("History"))
        .with_panel(_site_history())
        .with_panel(_finding_history())
        .with_row(Row("Ringwacht itself"))
        .with_panel(_judged())
        .with_panel(_own_state())
        .with_panel(_unsure())
        .with_panel(_lateness())
        .with_panel(_cost())
    )


def _sites() -> stat.Panel:
    says = Says(
        "Sites",
        "The worst finding that stands at each site. Nothing is shown while Ringwacht has not judged for five minutes.",
        width=24,
        height=4,
    )
    ask = Ask(worst_of_sites(), "{{site}}", now=True)
    return tiles(says, ask).mappings(states.level_words()).data_links([of_this_site()])


def _devices() -> stat.Panel:
    says = Says(
        "Devices",
        "Answering: all checks of the device succeed. In part: some fail. Silent: all fail. "
        "Unknown: checks that are planned and have no verdict, not made yet or not possible from here.",
        width=6,
    )
    some, every = f"max by (device) ({_DEVICES})", f"min by (device) ({_DEVICES})"
    planned, told = f"sum({of(families.JOBS)})", f"count({of(families.UP)})"
    return (
        tiles(
            says,
            Ask(f"sum({every})", "answering", now=True),
            Ask(f"sum({some} - {every})", "in part", now=True),
            Ask(f"sum(1 - {some})", "silent", now=True),
            Ask(f"{planned} - ({told} or 0 * {planned})", "unknown checks", now=True),
        )
        .thresholds(states.steps(states.GREEN, (1, states.ORANGE)))
        .override_by_name("answering", states.colored_from(0, states.GREEN))
        .override_by_name("silent", states.colored_from(1, states.RED))
    )


def _links() -> stat.Panel:
    says = Says(
        "Links",
        "Declared links that are down, and radio ends by what the radio itself says of its hop. "
        "One member of a ring may be down without anybody noticing: that is when the second failure hurts.",
        width=6,
    )
    return (
        tiles(
            says,
            Ask(or_zero(f"count({findings(of_rules(LINK_DOWN))})"), "links down", now=True),
            Ask(f"sum({_HOPS})", "radio ends up", now=True),
            Ask(f"sum(1 - {_HOPS})", "radio ends down", now=True),
        )
        .thresholds(states.steps(states.GREEN, (1, states.RED)))
        .override_by_name("radio ends up", states.colored_from(0, states.GREEN))
    )


def _rooms() -> stat.Panel:
    says = Says(
        "Warmest sensor of each room",
        "Colours: ASHRAE's recommended limit of 27 °C and the allowable one of 32 °C (class A1). "
        "The room's own limits are judged by Ringwacht and show as findings.",
        "celsius",
        6,
    )
    ask = Ask(f"max by (room) ({of(neutral.SENSOR_TEMPERATURE, SITE)})", "{{room}}", now=True)
    return tiles(says, ask).decimals(1).thresholds(states.room_temperature())


def _ups() -> stat.Panel:
    says = Says("UPS", "Whether the load is fed from the mains or from the battery.", width=6, height=6)
    ask = Ask(f"max by (device) ({of(neutral.UPS_ON_BATTERY, SITE)})", "{{device}}", now=True)
    return tiles(says, ask).mappings(states.alarm_words("mains", "on battery"))


def _services() -> stat.Panel:
    says = Says(
        "Services",
        "Whether each service answers as its probe expects; a plug-in's warning still counts as working.",
        width=9,
        height=6,
    )
    # A service that does not answer at all has no probe_success: then the failed poll says so. The label tells a
    # plug-in apart, since of two series with the same labels `or` keeps one.
    by_plugin = f'label_replace({_CHECKED} < bool 2, "check", "plugin_status", "", "")'
    ask = Ask(f"min by (service) ({_EXPECTED} or {_ANSWERED} or {by_plugin})", "{{service}}", now=True)
    return tiles(says, ask).mappings(states.works_words())


def _certificates() -> stat.Panel:
    says = Says("Certificates end in", "Until the first certificate of the service's chain ends.", "s", 9, 6)
    ask = Ask(f"min by (service) ({_CERTIFICATES}) - time()", "{{service}}", now=True)
    return tiles(says, ask).thresholds(states.steps(states.RED, (7 * 86400, states.ORANGE), (30 * 86400, states.GREEN)))


def _site_history() -> statetimeline.Panel:
    says = Says("Sites over time", "The worst finding of each site. A gap: Ringwacht did not judge.", width=12)
    return timeline(says, states.level_words(), Ask(worst_of_sites(), "{{site}}"))


def _finding_history() -> timeseries.Panel:
    says = Says("Findings over time", "How many findings stand, by severity.", width=12)
    return (
        stacked(says, *counts(now=False))
        .min(0)
        .decimals(0)
        .override_by_name("critical", states.fixed(states.RED))
        .override_by_name("warning", states.fixed(states.ORANGE))
        .override_by_name("info", states.fixed(states.BLUE))
    )


def _judged() -> stat.Panel:
    says = Says(
        "Last judgement",
        "How long ago all was judged. It judges every few seconds; minutes mean that it hangs or is gone.",
        "s",
        4,
        6,
    )
    ask = Ask(f"time() - {of(families.LAST_JUDGEMENT)}", "{{instance}}", now=True)
    return tiles(says, ask).thresholds(states.steps(states.GREEN, (60, states.ORANGE), (300, states.RED)))


def _own_state() -> stat.Panel:
    says = Says(
        "Configuration",
        "Whether the last load of the configuration succeeded; if not, an old one is in force.",
        width=4,
        height=6,
    )
    ask = Ask(f"{of(families.RELOAD_SUCCESS)} * on (instance, job) group_left (version) {_ME}", "{{version}}", now=True)
    return tiles(says, ask).mappings(states.words({1: ("in force", states.GREEN), 0: ("refused", states.RED)}))


def _unsure() -> stat.Panel:
    says = Says(
        "Not delivered, not fresh",
        "Notifications that wait for delivery; checks whose series are withheld because they are too old.",
        width=4,
        height=6,
    )
    return tiles(
        says,
        Ask(f"sum({of(families.OUTBOX)})", "outbox", now=True),
        Ask(f"sum({of(families.STALE, SITE)})", "stale checks", now=True),
    ).thresholds(states.steps(states.GREEN, (1, states.ORANGE)))


def _lateness() -> timeseries.Panel:
    says = Says(
        "Lateness (99th percentile)",
        "How late polls started, and how late the event loop ran. Above a second: the machine is too slow.",
        "s",
        6,
        6,
    )
    late = 'quantile="0.99"'
    return graph(
        says,
        Ask(of(families.SCHEDULE_SKEW, late), "polls {{instance}}"),
        Ask(of(families.LOOP_LAG, late), "loop {{instance}}"),
    ).min(0)


def _cost() -> timeseries.Panel:
    says = Says("CPU of Ringwacht", "Share of one core.", "percentunit", 6, 6)
    mine = f"and on (instance, job) {_ME}"
    return graph(says, Ask(f"{rate(families.PROCESS_CPU)} {mine}", "{{instance}}")).min(0)
