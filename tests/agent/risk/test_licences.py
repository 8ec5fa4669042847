"""Do the seats of licences suffice?"""

from __future__ import annotations

from typing import Any

import pytest

from agent.contract import Finding, Severity, Subject
from agent.estate import LicenceState
from tests.agent.risk.scene import NOW, Scene, job, the

SOURCE = {"m365": {"cloud": "microsoft365", "tenant": "t", "credential": "c"}}
BY_SOURCE = {"product": "Microsoft 365 A3", "source": "m365", "sku": "M365EDU_A3_FACULTY", "site": "rathaus"}
RULES = ("licence_seats_short", "licence_lapsed", "licence_not_counted")


def scene(licence: dict[str, Any], language: str = "en", **alerting: Any) -> Scene:
    return Scene({"sources": SOURCE, "licences": {"a3": licence}}, {"alerting": alerting}, language)


def counted(
    one: Scene, seats: float, used: float, grace: float = 0, suspended: float = 0, *, sku: str = "M365EDU_A3_FACULTY"
) -> Scene:
    one.jobs(job("source:m365", "microsoft365"))
    one.shows("ringwacht_cloud_licence_seats", "source:m365", seats, sku=sku)
    one.shows("ringwacht_cloud_licence_seats_used", "source:m365", used, sku=sku)
    one.shows("ringwacht_cloud_licence_seats_suspended", "source:m365", suspended, sku=sku)
    return one.shows("ringwacht_cloud_licence_seats_in_grace", "source:m365", grace, sku=sku)


def by_hand(seats: int | None, used: int | None, **more: Any) -> dict[str, Any]:
    return {"product": "Adobe Express", "seats": seats, "used": used, **more}


def short(one: Scene) -> Finding | None:
    return one.finding("licence_seats_short")


@pytest.mark.parametrize(
    ("seats", "used", "severity"),
    [(100, 95, None), (100, 96, "info"), (100, 100, "info"), (100, 101, "warning"), (0, 0, None), (0, 1, "warning")],
)
def test_seats_are_short_above_the_share_and_worse_beyond_all(seats: int, used: int, severity: str | None) -> None:
    found = short(scene(by_hand(seats, used)))
    assert (None if found is None else found.severity) == (None if severity is None else Severity(severity))


def test_the_share_can_be_set() -> None:
    assert short(scene(by_hand(100, 85), rules={"licence_seats_short": {"above": "80%"}})) is not None


def test_a_licence_may_have_a_share_of_its_own() -> None:
    assert short(scene(by_hand(100, 85, above="80%"))) is not None
    assert short(scene(by_hand(100, 100, above="100%"))) is None


def test_a_source_counts_by_its_own_name_of_the_product() -> None:
    one = counted(scene(BY_SOURCE, "de"), 480, 479)
    found = the(short(one))
    assert (found.subject, found.site) == (Subject("licence", "a3"), "rathaus")
    assert found.summary == "Microsoft 365 A3: Lizenzplätze knapp, 479 von 480 belegt"
    assert found.evidence == ("frei: 1",)
    estate = one.judge().estate
    assert estate is not None
    assert estate.licences == {"a3": LicenceState("a3", 480, 479, NOW, 0, 0, "near")}


def test_more_used_than_held_is_said_so() -> None:
    found = the(short(counted(scene({**BY_SOURCE, "renews": "2027-06-30"}, "de"), 60, 61)))
    assert found.summary == "Microsoft 365 A3: mehr Lizenzplätze belegt (61) als vorhanden (60)"
    assert found.evidence == ("frei: 0", "Laufzeit bis 30.06.2027")


def test_seats_that_are_configured_count_more_than_those_of_the_source() -> None:
    assert short(counted(scene({**BY_SOURCE, "seats": 1000}), 60, 61)) is None


def test_the_name_there_may_be_written_in_any_case() -> None:
    assert short(counted(scene(BY_SOURCE), 60, 60, sku="m365edu_a3_faculty")) is not None


def test_figures_are_published() -> None:
    judged = counted(scene({**BY_SOURCE, "yearly_cost": 12000}), 480, 400).judge()
    figures = {one.family.name: one.value for one in judged.measures if one.labels == ("a3",)}
    assert figures == {
        "ringwacht_licence_seats": 480,
        "ringwacht_licence_seats_used": 400,
        "ringwacht_licence_yearly_cost": 12000,
    }


def test_what_nobody_counts_is_no_finding_and_nothing_to_wait_for() -> None:
    one = scene(by_hand(480, None))
    assert not any(one.finding(rule) or one.unverified(rule, "licence:a3") for rule in RULES)


def test_while_the_source_says_nothing_nothing_is_known() -> None:
    one = scene(BY_SOURCE).jobs(job("source:m365", "microsoft365", up=False))
    assert all(one.unverified(rule, "licence:a3") for rule in RULES)
    assert not any(one.finding(rule) for rule in RULES)


def test_seats_without_their_use_are_not_judged() -> None:
    one = scene(BY_SOURCE).shows("ringwacht_cloud_licence_seats", "source:m365", 9, sku="M365EDU_A3_FACULTY")
    assert one.unverified("licence_seats_short", "licence:a3")
    assert one.finding("licence_not_counted") is None


def test_a_name_that_the_source_does_not_know_is_told_with_those_that_it_knows() -> None:
    one = counted(counted(scene(BY_SOURCE, "de"), 5, 5, sku="FLOW_FREE"), 5, 5, sku="A1")
    found = the(one.finding("licence_not_counted"))
    assert found.severity is Severity.INFO
    assert found.summary == (
        "Microsoft 365 A3: m365 kennt M365EDU_A3_FACULTY nicht, die Lizenzplätze werden nicht gezählt"
    )
    assert found.evidence == ("dort bekannt: A1, FLOW_FREE",)
    assert one.unverified("licence_seats_short", "licence:a3")


LAPSED = "Microsoft 365 A3: Laufzeit abgelaufen (Lizenzplätze: {}), ohne sie fehlen {}"
SUSPENDED = "Microsoft 365 A3: Lizenzplätze gesperrt ({}), es fehlen {}"


@pytest.mark.parametrize(
    ("seats", "used", "grace", "suspended", "said"),
    [
        (480, 400, 480, 0, LAPSED.format(480, 400)),
        (960, 400, 480, 0, None),
        (9, 9, 0, 0, None),
        (0, 400, 0, 480, SUSPENDED.format(480, 400)),
        (300, 400, 0, 180, SUSPENDED.format(180, 100)),
        (480, 400, 0, 30, None),
        (1, 1, 1, 0, LAPSED.format(1, 1)),
    ],
)
def test_a_term_that_is_over_matters_where_the_seats_are_needed(
    seats: int, used: int, grace: int, suspended: int, said: str | None
) -> None:
    found = counted(scene(BY_SOURCE, "de"), seats, used, grace, suspended).finding("licence_lapsed")
    assert (None if found is None else found.summary) == said
    if found is not None:
        assert found.severity is Severity.WARNING
        valid = f"gültig: {seats - grace}, in der Karenzzeit: {grace}, gesperrt: {suspended}, belegt: {used}"
        assert found.evidence == (valid,)


def test_what_is_configured_says_nothing_of_the_term() -> None:
    one = counted(scene({**BY_SOURCE, "seats": 100}), 480, 90, 20)
    assert one.finding("licence_lapsed") is None
    lapsing = counted(scene({**BY_SOURCE, "seats": 1000}), 480, 470, 20)
    assert lapsing.finding("licence_lapsed") is not None


def test_suspended_seats_are_not_told_as_too_many_users_too() -> None:
    one = counted(scene(BY_SOURCE), 0, 400, 0, 480)
    assert short(one) is None
    assert one.unverified("licence_seats_short", "licence:a3")
