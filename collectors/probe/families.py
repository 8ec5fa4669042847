"""blackbox_exporter's families that the probes yield (names, labels, help of 0.23), and those it has no name for."""

from __future__ import annotations

from agent.contract import MetricFamily
from agent.families import SITE_SERIES

PHASE = ("phase",)


def _gauge(name: str, text: str, labels: tuple[str, ...] = ()) -> MetricFamily:
    return MetricFamily(name, "gauge", text, labels)


SUCCESS = _gauge("probe_success", "Displays whether or not the probe was a success")
DURATION = _gauge("probe_duration_seconds", "Returns how long the probe took to complete in seconds")
DNS_TIME = _gauge("probe_dns_lookup_time_seconds", "Returns the time taken for probe dns lookup in seconds")
IP_PROTOCOL = _gauge("probe_ip_protocol", "Specifies whether probe ip protocol is IP4 or IP6")
ADDRESS_HASH = _gauge(
    "probe_ip_addr_hash", "Specifies the hash of IP address. It's useful to detect if the IP address changes."
)
COMMON = (SUCCESS, DURATION, DNS_TIME, IP_PROTOCOL, ADDRESS_HASH)

ICMP_DURATION = _gauge("probe_icmp_duration_seconds", "Duration of icmp request by phase", PHASE)
ICMP_HOP_LIMIT = _gauge("probe_icmp_reply_hop_limit", "Replied packet hop limit (TTL for ipv4)")
LOSS_RATIO = _gauge("ringwacht_probe_loss_ratio", "Echo requests of the last poll that stayed unanswered, 0 to 1.")

HTTP_STATUS = _gauge("probe_http_status_code", "Response HTTP status code")
HTTP_DURATION = _gauge(
    "probe_http_duration_seconds", "Duration of http request by phase, summed over all redirects", PHASE
)
HTTP_SSL = _gauge("probe_http_ssl", "Indicates if SSL was used for the final redirect")
HTTP_VERSION = _gauge("probe_http_version", "Returns the version of HTTP of the probe response")
HTTP_REDIRECTS = _gauge("probe_http_redirects", "The number of redirects")
HTTP_CONTENT_LENGTH = _gauge("probe_http_content_length", "Length of http content response")
HTTP_BODY_LENGTH = _gauge("probe_http_uncompressed_body_length", "Length of uncompressed response body")
HTTP_LAST_MODIFIED = _gauge(
    "probe_http_last_modified_timestamp_seconds", "Returns the Last-Modified HTTP response header in unixtime"
)
FAILED_REGEX = _gauge("probe_failed_due_to_regex", "Indicates if probe failed due to regex")

CERT_EXPIRY = _gauge("probe_ssl_earliest_cert_expiry", "Returns last SSL chain expiry in unixtime")
CHAIN_EXPIRY = _gauge("probe_ssl_last_chain_expiry_timestamp_seconds", "Returns last SSL chain expiry in timestamp")
CHAIN_INFO = _gauge(
    "probe_ssl_last_chain_info",
    "Contains SSL leaf certificate information",
    ("fingerprint_sha256", "issuer", "subject", "subjectalternative"),
)
TLS_VERSION = _gauge("probe_tls_version_info", "Returns the TLS version used or NaN when unknown", ("version",))
TLS_VERIFIED = _gauge(
    "ringwacht_probe_tls_verified", "1 if certificate and host name could be verified on every connection, else 0."
)
FAILED = _gauge(
    "ringwacht_probe_failed", "1 if the target answered, but not as expected in this respect, else 0.", ("reason",)
)

DNS_DURATION = _gauge("probe_dns_duration_seconds", "Duration of DNS request by phase", PHASE)
DNS_ANSWERS = _gauge("probe_dns_answer_rrs", "Returns number of entries in the answer resource record list")
DNS_AUTHORITY = _gauge("probe_dns_authority_rrs", "Returns number of entries in the authority resource record list")
DNS_ADDITIONAL = _gauge("probe_dns_additional_rrs", "Returns number of entries in the additional resource record list")
DNS_SUCCEEDED = _gauge("probe_dns_query_succeeded", "Displays whether or not the query was executed successfully")
DNS_SERIAL = _gauge("probe_dns_serial", "Returns the serial number of the zone")

NTP_OFFSET = _gauge(
    "probe_ntp_offset_seconds", "How far the server's clock is ahead of this machine's, give or take half of the RTT."
)
NTP_RTT = _gauge("probe_ntp_rtt_seconds", "Round-trip time to the server without its own processing time.")
NTP_STRATUM = _gauge("probe_ntp_stratum", "Stratum of the server; 0 is none.")
NTP_LEAP = _gauge("probe_ntp_leap", "Leap second indicator of the server, 2 bits; 3 is unsynchronised.")
NTP_ROOT_DELAY = _gauge("probe_ntp_root_delay_seconds", "Round-trip time from the server to its reference clock.")
NTP_ROOT_DISPERSION = _gauge("probe_ntp_root_dispersion_seconds", "What the server may be off its reference clock.")
NTP_REFERENCE_TIME = _gauge(
    "probe_ntp_reference_timestamp_seconds", "When the server's clock was last set, seconds since the epoch."
)

LINE_RATE = _gauge(
    "ringwacht_line_rate_bits_per_second",
    "What the line delivered in the last measurement, by direction (down, up), without its first second.",
    ("direction",),
)
LINE_RATE_SECONDS = _gauge(
    "ringwacht_line_rate_measured_seconds",
    "How long the last measurement of the line rate counted, by direction, without its first second.",
    ("direction",),
)

TLS = (CERT_EXPIRY, CHAIN_EXPIRY, CHAIN_INFO, TLS_VERSION, TLS_VERIFIED)
PING_FAMILIES = (*COMMON, ICMP_DURATION, ICMP_HOP_LIMIT, LOSS_RATIO)
ICMP_FAMILIES = (*PING_FAMILIES, *SITE_SERIES)
TCP_FAMILIES = (*COMMON, FAILED_REGEX, FAILED, *TLS)
HTTP_FAMILIES = (
    *COMMON,
    *(HTTP_STATUS, HTTP_DURATION, HTTP_SSL, HTTP_VERSION, HTTP_REDIRECTS, HTTP_CONTENT_LENGTH, HTTP_BODY_LENGTH),
    *(HTTP_LAST_MODIFIED, FAILED_REGEX, FAILED, *TLS),
)
DNS_FAMILIES = (
    *COMMON,
    *(DNS_DURATION, DNS_ANSWERS, DNS_AUTHORITY, DNS_ADDITIONAL, DNS_SUCCEEDED, DNS_SERIAL, FAILED, *TLS),
)
NTP_FAMILIES = (
    *COMMON,
    *(NTP_OFFSET, NTP_RTT, NTP_STRATUM, NTP_LEAP, NTP_ROOT_DELAY, NTP_ROOT_DISPERSION, NTP_REFERENCE_TIME, FAILED),
)
LINE_FAMILIES = (LINE_RATE, LINE_RATE_SECONDS)
