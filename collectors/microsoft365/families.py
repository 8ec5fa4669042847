"""What a cloud service says of itself; the names hold for any, so that judgement knows no product."""

from __future__ import annotations

from agent.contract import MetricFamily

HEALTHY = MetricFamily(
    "ringwacht_cloud_service_healthy",
    "gauge",
    "1 where the cloud service reports no fault of a service of the tenant, else 0; no series where it does not say.",
    ("service",),
)
STATUS = MetricFamily(
    "ringwacht_cloud_service_status",
    "gauge",
    "State set of a service of the tenant: operational, unknown, investigating, recovering, degraded, interrupted.",
    ("service", "status"),
)
OPEN_ISSUES = MetricFamily(
    "ringwacht_cloud_service_open_issues",
    "gauge",
    "Issues that the cloud service has not resolved, by what it calls them: incident or advisory.",
    ("service", "classification"),
)
SEATS = MetricFamily(
    "ringwacht_cloud_licence_seats",
    "gauge",
    "Seats that can be used, those in the grace period after their term included.",
    ("sku",),
)
SEATS_USED = MetricFamily("ringwacht_cloud_licence_seats_used", "gauge", "Seats that are assigned.", ("sku",))
SEATS_IN_GRACE = MetricFamily(
    "ringwacht_cloud_licence_seats_in_grace",
    "gauge",
    "Seats whose term is over and that can be used for a while longer.",
    ("sku",),
)
SEATS_SUSPENDED = MetricFamily(
    "ringwacht_cloud_licence_seats_suspended", "gauge", "Seats that cannot be used any more, or not yet.", ("sku",)
)
FAMILIES = (HEALTHY, STATUS, OPEN_ISSUES, SEATS, SEATS_USED, SEATS_IN_GRACE, SEATS_SUSPENDED)
