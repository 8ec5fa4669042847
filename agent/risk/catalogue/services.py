"""What people use, and its certificates."""

from __future__ import annotations

from pydantic import Field

from agent.risk.rule import Rule
from config.rules import RuleOptions
from config.units import DAY, Duration

SERVICE_FAILING = "service_failing"
CERTIFICATE_EXPIRING = "certificate_expiring"
PLUGIN_FAILING = "plugin_failing"


class CertificateOptions(RuleOptions):
    """When an expiring certificate is reported."""

    warning: Duration = Field(21 * DAY, description="Time left below which it is a warning.")
    critical: Duration = Field(7 * DAY, description="Time left below which it is critical.")


TABLE: tuple[Rule, ...] = (
    Rule(
        SERVICE_FAILING,
        severity="critical for services with `critical: true`, warning otherwise",
        meaning="A declared service failed a check and its confirmation: no answer, a wrong status, a missing text.",
        runbook=(
            "Open the address in a browser from the office and from a mobile phone: here, outside, or both?",
            "The summary quotes the reason. A status of 5xx: the application; a time-out: the server or the way to it; "
            "a TLS error: the certificate.",
            "Was there a change or an update window? If the service is bought: the contract names the hotline.",
            "Tell the service desk before it tells you.",
        ),
        norm="BSI OPS.1.1.1.A9",
    ),
    Rule(
        CERTIFICATE_EXPIRING,
        severity="warning, critical by the options",
        meaning="The first certificate of the service's chain that runs out does so soon, or already has.",
        runbook=(
            "Who renews it: an ACME client, building services, the provider? Look whether the last renewal failed.",
            "Renew, reload the server, and look at the chain that it really sends: an intermediate may be the old one.",
            "Load balancers and proxies keep a copy of their own.",
        ),
        options=CertificateOptions,
    ),
    Rule(
        PLUGIN_FAILING,
        severity="critical where the plug-in says CRITICAL, but for services without `critical: true`; else warning",
        meaning=(
            "A monitoring plug-in says WARNING, CRITICAL or UNKNOWN (or ends with a status that no plug-in should "
            "have). One that gives no result at all is service_failing or device_unreachable."
        ),
        runbook=(
            "The summary quotes the plug-in. `ringwacht collect PATH NAME --debug` runs it now and shows what it says.",
            "UNKNOWN is mostly the plug-in's own trouble: a wrong argument, a missing module, a refused password.",
            "Thresholds are the plug-in's: change its `-w` and `-c`, or put an own one under `rules:`.",
        ),
        norm="BSI OPS.1.1.1.A9",
    ),
)
