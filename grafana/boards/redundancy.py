"""Would the next failure cut somebody off, and could the way that is left carry the load? For the network's people."""

from __future__ import annotations

from grafana_foundation_sdk.builders import stat, statetimeline, table, timeseries
from grafana_foundation_sdk.builders.dashboard import Dashboard, Row

from agent import figures
from agent.risk.catalogue.network import SITE_ISOLATED
from grafana import states
from grafana.panels import Column, Says, as_bar, falling, graph, grid, tiles, timeline
from grafana.parts import Ask, board
from grafana.query import AT_A_SITE, SITE, findings, increase, judging, of, of_rules, of_severity

_NOW = of(figures.SITE_PATHS, SITE)
_UNSURE = of(figures.SITE_PATHS_UNVERIFIED, SITE)
_DESIGNED = of(figures.SITE_PATHS_DESIGNED, SITE)
_REQUIRED = of(figures.SITE_PATHS_REQUIRED, SITE)
_WORST = of(figures.N1_UTILISATION, SITE)

_FULL = 0.8  # the shipped bound of failover_overload
_LISTED = 50
_WHAT_IF = "`ringwacht whatif --all --url http://127.0.0.1:9595` lists it in full."


def make() -> Dashboard:
    """Return the board."""
    return (
        board("ringwacht-redundancy", "Rings, ways of each site, and what one more failure would do.")
        .with_row(Row("Rings"))
        .with_panel(_rings())
        .with_panel(_without())
        .with_row(Row("Ways of the sites"))
        .with_panel(_ways())
        .with_panel(_verdicts())
        .with_row(Row("One more failure"))
        .with_panel(_elements())
        .with_panel(_loads())
        .with_row(Row("Links"))
        .with_panel(_links())
        .with_panel(_capacity())
    )


def _rings() -> statetimeline.Panel:
    says = Says(
        "Rings",
        "Open: a link of the ring does not carry. Everything still works, and the next cut separates sites: repair it "
        "first, and put off work on the other links. A gap: links of unknown state leave it open to doubt.",
        width=16,
    )
    meanings = states.words({1: ("closed", states.GREEN), 0: ("open", states.ORANGE)}, "unverified")
    return timeline(says, meanings, Ask(f"{of(figures.RING_CLOSED)} and on () {judging()}", "{{ring}}"))


def _without() -> stat.Panel:
    says = Says(
        "Without redundancy",
        "How long each ring was open in the last 30 days. Hours and more: the section that fails again and again needs "
        "planning, not one more repair. The panel about the links shows which it is.",
        "s",
    )
    lost = increase(figures.RING_OPEN_SECONDS, over="$__range")
    panel = tiles(says, Ask(f"max by (ring) ({lost})", "{{ring}}", now=True)).time_from("30d")
    return panel.thresholds(states.steps(states.GREEN, (60, states.ORANGE), (86_400, states.RED)))


def _ways() -> table.Panel:
    says = Says(
        "Ways to what each site needs",
        "Link-disjoint ways. Fewer now than by design: repair the cut that its alert names. Fewer by design than "
        "required: plan a further way, or accept it with a date. Unverified: give the links ports or a probe.",
        width=14,
    )
    columns = (
        Column("site", "Site"),
        Column("Value #A", "Now"),
        Column("Value #B", "Unverified"),
        Column("Value #C", "By design"),
        Column("Value #D", "Required"),
    )
    asks = [Ask(f"max by (site) ({one})") for one in (_NOW, _UNSURE, _DESIGNED, _REQUIRED)]
    return grid(says, columns, *asks)


def _verdicts() -> statetimeline.Panel:
    says = Says(
        "Redundancy of the sites",
        "Cut off: call the site, then see its alert for the cut. Redundancy lost: it works, and one more failure may "
        "cut it off. Unverified: as designed only if links of unknown state carry.",
        width=10,
    )
    meanings = states.words(
        {
            0: ("cut off", states.RED),
            1: ("redundancy lost", states.ORANGE),
            2: ("unverified", states.GREY),
            3: ("as designed", states.GREEN),
        },
        "not judged",
    )
    return timeline(says, meanings, Ask(_verdict(), "{{site}}"))


def _verdict() -> str:
    """Return 3 to 0 for each site. Reality outranks the count: where nothing answers, a way that is left is no use."""
    dark = findings(of_rules(SITE_ISOLATED), of_severity("critical"), AT_A_SITE)
    possible = f"({_NOW} + {_UNSURE})"
    whole = f"({_NOW} >= bool {_DESIGNED}) + ({possible} >= bool {_DESIGNED}) + ({possible} > bool 0)"
    return f"(0 * group by (site) ({dark}) or max by (site) ({whole})) and on () {judging()}"


def _elements() -> table.Panel:
    says = Says(
        "What would be cut off",
        f"Sites that the failure of this one element would cut off: as things stand, and with everything up. More now "
        f"than by design: hands off this element until the repair. By design: a single point of failure. {_WHAT_IF}",
        width=14,
    )
    columns = (
        Column("element", "Element"),
        Column("Value #A", "Sites cut off now"),
        Column("Value #B", "By design"),
    )
    now, designed = of(figures.N1_ISOLATED), of(figures.ELEMENT_ISOLATES)
    chosen = f"topk({_LISTED}, max by (element) ({now} > 0 or {designed} > 0))"
    asks = [Ask(f"max by (element) ({one}) and {chosen}") for one in (now, designed)]
    return grid(says, columns, *asks).sort_by([falling("Sites cut off now")])


def _loads() -> table.Panel:
    says = Says(
        "Fullest way after one more failure",
        "Load by capacity on the way that is left to the site. A radio hop counts with what it carries at its present "
        f"modulation. Above {_FULL:.0%}: see the hop's own alerts, then raise the capacity. A site without a known "
        f"demand is missing here. The colours keep to {_FULL:.0%} where failover_overload has a bound of your own.",
        "percentunit",
        10,
    )
    bar = as_bar(states.steps(states.GREEN, (_FULL, states.ORANGE), (1, states.RED)))
    columns = (Column("site", "Site"), Column("Value", "Load", bar))
    return grid(says, columns, Ask(f"max by (site) ({_WORST})")).sort_by([falling("Load")])


def _links() -> statetimeline.Panel:
    says = Says(
        "Links",
        "What was judged of each declared link from both ends. Down: see its alert. Degraded: it carries less than it "
        "should. Unknown: neither end nor probe says; it does not count as a way. Those of all sites are shown.",
        width=14,
    )
    meanings = states.words(
        {
            3: ("up", states.GREEN),
            2: ("degraded", states.ORANGE),
            1: ("down", states.RED),
            0: ("unknown", states.GREY),
        }
    )
    sums = (
        f"{value} * sum by (link) ({_in_state(state)})" for state, value in (("up", 3), ("degraded", 2), ("down", 1))
    )
    return timeline(says, meanings, Ask(f"({' + '.join(sums)}) and on () {judging()}", "{{link}}"))


def _in_state(state: str) -> str:
    return of(figures.LINK_STATE, f'state="{state}"')


def _capacity() -> timeseries.Panel:
    says = Says(
        "Capacity",
        "What each link can carry now: measured at the radio, else as declared. A step down is a lower modulation: in "
        "rain it comes back by itself, in dry weather see the hop on the board about the links.",
        "bps",
        10,
    )
    return graph(says, Ask(of(figures.LINK_CAPACITY), "{{link}}")).min(0)
