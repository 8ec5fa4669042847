from __future__ import annotations

from dataclasses import replace

import pytest

from agent.contract import Harvest, Layout, Reading, Reason, Severity
from agent.risk.catalogue.servers import FILESYSTEM_FILLING, FILESYSTEM_FULL
from agent.risk.catalogue.services import CERTIFICATE_EXPIRING, SERVICE_FAILING
from tests.agent.risk.scene import NOW, Scene, failed, job, the, unpolled

INVENTORY = {
    "services": {
        "portal": {"name": "Serviceportal", "url": "https://127.0.0.1/", "critical": True, "site": "rathaus"},
        "dms": {"tcp": "127.0.0.1:8080"},
    },
    "devices": {"srv": {"site": "rathaus", "address": "127.0.0.1"}},
}
EXPIRY = "probe_ssl_earliest_cert_expiry"
DAY = 86_400.0
GIB = 2.0**30


def scene(language: str = "en", **rules: dict[str, str]) -> Scene:
    return Scene(INVENTORY, {"alerting": {"rules": rules}}, language)


def test_a_failing_service_says_why() -> None:
    made = scene().jobs(failed("service:portal", "http", Reason.BAD_REPLY, detail="status 503, not 200"))
    found = the(made.finding(SERVICE_FAILING))
    assert (str(found.subject), found.severity) == ("service:portal", Severity.CRITICAL)
    assert found.summary == "Serviceportal is failing: unusable answer: status 503, not 200"


def test_a_service_that_nobody_called_critical_is_a_warning() -> None:
    assert the(scene().jobs(failed("service:dms", "tcp")).finding(SERVICE_FAILING)).severity is Severity.WARNING


def test_the_probes_own_verdict_counts() -> None:
    made = scene().jobs(job("service:portal", "http")).shows("probe_success", "service:portal", 0)
    made.shows("probe_http_status_code", "service:portal", 503)
    assert the(made.finding(SERVICE_FAILING)).summary == (
        "Serviceportal is failing: answer not as expected, HTTP status 503"
    )


def test_what_the_probe_says_is_wrong_is_told() -> None:
    polled = job("service:portal", "http")
    facts = {"probe_failure": "the text is missing"}
    reading = Reading(polled.key, polled.target, NOW, 0.1, Harvest(Layout(), (), facts))
    made = scene().jobs(replace(polled, reading=reading)).shows("probe_success", "service:portal", 0)
    assert the(made.finding(SERVICE_FAILING)).summary == "Serviceportal is failing: the text is missing"


def test_a_service_before_its_confirmation_is_unverified() -> None:
    for silent in (unpolled("service:portal", "http"), failed("service:portal", "http", failures=1)):
        made = scene().jobs(silent)
        assert made.finding(SERVICE_FAILING) is None
        assert made.unverified(SERVICE_FAILING, "service:portal")
    good = scene().jobs(job("service:portal", "http")).shows("probe_success", "service:portal", 1)
    assert good.finding(SERVICE_FAILING) is None
    assert not good.unverified(SERVICE_FAILING, "service:portal")


@pytest.mark.parametrize(
    ("days", "severity"), [(21.1, None), (20.9, Severity.WARNING), (7.1, Severity.WARNING), (6.9, Severity.CRITICAL)]
)
def test_certificate_limits(days: float, severity: Severity | None) -> None:
    found = scene().shows(EXPIRY, "service:portal", NOW + days * DAY).finding(CERTIFICATE_EXPIRING)
    assert (found and found.severity) == severity


def test_certificate_texts() -> None:
    made = scene("de").shows(EXPIRY, "service:portal", NOW + 5.5 * DAY)
    assert the(made.finding(CERTIFICATE_EXPIRING)).summary == "Zertifikat von Serviceportal läuft in 5 Tagen ab"
    late = the(scene().shows(EXPIRY, "service:portal", NOW - 3 * DAY).finding(CERTIFICATE_EXPIRING))
    assert late.summary == "certificate of Serviceportal expired 3 days ago"
    assert late.evidence == ("valid until 2027-01-12 08:00 UTC",)


def test_certificate_options() -> None:
    made = scene(certificate_expiring={"warning": "60d", "critical": "50d"})
    assert the(made.shows(EXPIRY, "service:portal", NOW + 55 * DAY).finding(CERTIFICATE_EXPIRING)).severity is (
        Severity.WARNING
    )


@pytest.mark.parametrize("nonsense", [1e30, -1e30])
def test_a_certificate_from_beyond_the_calendar_does_not_raise(nonsense: float) -> None:
    scene().shows(EXPIRY, "service:portal", nonsense).judge()


def test_no_certificate_seen_while_the_service_is_dark_is_unverified() -> None:
    assert scene().jobs(failed("service:portal", "http")).unverified(CERTIFICATE_EXPIRING, "service:portal")


def volume(made: Scene, mount: str, used: float, size: float = 100 * GIB, fstype: str = "ext4") -> Scene:
    made.shows("node_filesystem_size_bytes", "device:srv", size, mountpoint=mount, fstype=fstype)
    free = size * (1 - used)
    return made.shows("node_filesystem_avail_bytes", "device:srv", free, mountpoint=mount, fstype=fstype)


@pytest.mark.parametrize(("used", "severity"), [(0.89, None), (0.91, Severity.WARNING), (0.96, Severity.CRITICAL)])
def test_full(used: float, severity: Severity | None) -> None:
    found = volume(scene(), "/", used).finding(FILESYSTEM_FULL)
    assert (found and found.severity) == severity


def test_all_volumes_of_a_device_are_one_finding_with_the_worst_first() -> None:
    made = volume(volume(volume(scene(), "/var", 0.92), "/", 0.97), "/home", 0.1)
    found = the(made.finding(FILESYSTEM_FULL))
    assert found.severity is Severity.CRITICAL
    assert found.summary == "srv: / is 97% full (and 1 more)"
    assert found.evidence == ("/: 97% used, 3.0 GiB free", "/var: 92% used, 8.0 GiB free")


def test_what_is_full_by_nature_is_left_out() -> None:
    made = volume(scene(), "/snap/core", 1.0, fstype="squashfs")
    volume(made, "/media/cd", 1.0).shows(
        "node_filesystem_readonly", "device:srv", 1, mountpoint="/media/cd", fstype="ext4"
    )
    volume(made, "/empty", 1.0, size=0.0)
    assert made.judge().findings == ()


@pytest.mark.parametrize(
    ("used", "hours_left", "found"), [(0.7, 23.0, True), (0.7, 25.0, False), (0.5, 5.0, False), (0.7, -5.0, False)]
)
def test_filling_is_level_and_trend(used: float, hours_left: float, found: bool) -> None:  # cases
    made = volume(scene(), "/", used)
    made.slopes["/"] = -100 * GIB * (1 - used) / (hours_left * 3600)
    assert (made.finding(FILESYSTEM_FILLING) is not None) is found
    assert not made.unverified(FILESYSTEM_FILLING, "device:srv")


def test_filling_text() -> None:
    made = volume(scene(), "/", 0.9 - 1e-9)
    made.slopes["/"] = -10 * GIB / (5.5 * 3600)
    assert the(made.finding(FILESYSTEM_FILLING)).summary == "srv: / will be full in 5 h at this pace"


def test_filling_is_unverified_without_enough_history() -> None:
    made = volume(scene(), "/", 0.8)
    assert made.finding(FILESYSTEM_FILLING) is None
    assert made.unverified(FILESYSTEM_FILLING, "device:srv")


def test_a_silent_host_is_unverified() -> None:
    made = scene().jobs(failed("device:srv", "host"))
    assert made.unverified(FILESYSTEM_FULL, "device:srv")
    assert made.unverified(FILESYSTEM_FILLING, "device:srv")


def test_a_host_of_which_something_is_missing_is_not_all_clear() -> None:
    made = volume(scene(), "/", 0.1).jobs(job("device:srv", "host", partial=("filesystem /data",)))
    assert made.unverified(FILESYSTEM_FULL, "device:srv")
    whole = volume(scene(), "/", 0.1).jobs(job("device:srv", "host"))
    assert not whole.unverified(FILESYSTEM_FULL, "device:srv")


def test_what_is_found_is_not_unverified_as_well() -> None:
    made = volume(scene(), "/", 0.99).jobs(job("device:srv", "host", partial=("filesystem /data",)))
    assert made.finding(FILESYSTEM_FULL) is not None
    assert not made.unverified(FILESYSTEM_FULL, "device:srv")
