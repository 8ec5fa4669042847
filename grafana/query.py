"""PromQL, put together from the declared families, so that no board can name a metric that does not exist."""

from __future__ import annotations

from agent import families
from agent.contract import MetricFamily
from agent.risk.catalogue.daemon import UPLINK_DOWN

SITE = 'site=~"$site"'
DEVICE = 'device=~"$device"'
ROOM = 'room=~"$room"'
AT_A_SITE = 'site!=""'

# Set as a query's `interval`: how long a polled value usually stands still, however often it is scraped.
# Grafana makes $__rate_interval four times as long; over less, the rate of a polled counter is a comb.
POLLED_EVERY = "1m"


def of(family: MetricFamily, *matchers: str) -> str:
    """Return a selector; ``matchers`` are written as in PromQL."""
    return f"{family.name}{{{', '.join(matchers)}}}" if matchers else family.name


def rate(family: MetricFamily, *matchers: str) -> str:
    """Return what a counter gains a second."""
    return f"rate({of(family, *matchers)}[$__rate_interval])"


def mean_rate(family: MetricFamily, *matchers: str) -> str:
    """Return what a counter gained a second over all that is shown: the same at each step, to choose series by."""
    return f"rate({of(family, *matchers)}[$__range] @ end())"


def increase(family: MetricFamily, *matchers: str, over: str = "$__rate_interval") -> str:
    """Return what a counter gained in a span."""
    return f"increase({of(family, *matchers)}[{over}])"


def or_zero(expression: str) -> str:
    """Return a count that is 0 where nothing matches, and nothing where there is no Ringwacht: unknown is not 0."""
    return f"{expression} or 0 * max({families.LAST_JUDGEMENT.name})"


def findings(*matchers: str) -> str:
    """Return the findings that stand at the chosen sites, or at none in particular."""
    return of(families.FINDING, SITE, *matchers)


def lasting(*matchers: str) -> str:
    """Return them without what may change while they stand: the cause, and who speaks for them."""
    return f"max without (cause, leads) ({findings(*matchers)})"


def of_severity(severity: str) -> str:
    """Return a matcher."""
    return f'severity="{severity}"'


def of_rules(*rules: str) -> str:
    """Return a matcher."""
    return 'rule=~"' + "|".join(rules) + '"'


def worst_of_sites() -> str:
    """Return 3, 2, 1 for sites where a critical, warning, info finding stands, 0 for the others; see ``judging``.

    While Ringwacht is cut off it has no verdict about the others: then nothing is returned for them.
    """
    levels = [
        f"{level} * group by (site) ({findings(of_severity(severity), AT_A_SITE)})"
        for level, severity in ((3, "critical"), (2, "warning"), (1, "info"))
    ]
    cut_off = of(families.FINDING, of_rules(UPLINK_DOWN))
    known = f"(0 * group by (site) ({of(families.UP, AT_A_SITE, SITE)}) unless on () {cut_off})"
    return f"({' or '.join((*levels, known))}) and on () {judging()}"


def judging() -> str:
    """Return something while every daemon's last judgement is younger than five minutes, else nothing."""
    return f"(time() - min({families.LAST_JUDGEMENT.name}) < 300)"
