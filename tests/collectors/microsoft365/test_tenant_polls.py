from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from aiohttp import web

from agent.contract import AuthFailed, BadReply, CollectError, Harvest, Unreachable
from collectors.microsoft365.parse import MAX_TITLE_BYTES
from tests.collectors.microsoft365.tenant import HEALTH, ISSUES, SKUS, collector, issue, series, service, sku, tenant
from tests.harness.fakes import FakeWire
from tests.harness.graph import SECRET, TOKEN_PATH, Tenant, busy, forbidden, served

CANARIES = ("canary", SECRET, "token-")


async def poll(one: Tenant, **more: Any) -> Harvest:
    async with served(one) as origin:
        made = collector(FakeWire(), origin, **more)
        try:
            return await made.collect()
        finally:
            await made.close()


async def refused(one: Tenant, error: type[CollectError], **more: Any) -> str:
    with pytest.raises(error) as caught:
        await poll(one, **more)
    assert not any(word in str(caught.value) for word in CANARIES)
    return caught.value.detail


async def test_health_issues_and_seats_are_read() -> None:
    harvest = await poll(tenant())
    found = series(harvest)
    assert harvest.partial == ()
    assert (found["service_healthy", "Exchange Online"], found["service_healthy", "Microsoft Teams"]) == (1, 0)
    assert (
        found["service_status", "Microsoft Teams", "degraded"],
        found["service_status", "Exchange Online", "degraded"],
    ) == (1, 0)
    assert found["service_open_issues", "Microsoft Teams", "incident"] == 1
    assert found["service_open_issues", "Microsoft Teams", "advisory"] == 0
    assert (found["licence_seats", "M365EDU_A3_FACULTY"], found["licence_seats_used", "M365EDU_A3_FACULTY"]) == (60, 61)
    assert harvest.issues is not None
    (told,) = harvest.issues
    assert told[:4] == ("Microsoft Teams", "incident", "Mail is late", "Users may wait for mail.")
    assert "canary" not in repr(harvest)


async def test_only_issues_that_are_open_are_asked_for() -> None:
    one = tenant()
    await poll(one)
    assert one.asked == [HEALTH, ISSUES, SKUS]
    assert one.queries[1]["$filter"] == "isResolved eq false"
    assert one.tokens == 1


async def test_the_token_is_kept_from_poll_to_poll() -> None:
    one = tenant()

    async with served(one) as origin:
        made = collector(FakeWire(), origin)
        await made.collect()
        await made.collect()
    assert (one.tokens, len(one.asked)) == (1, 6)


async def test_a_token_that_is_withdrawn_early_is_asked_for_anew() -> None:
    one = tenant()
    one.good = 2
    assert (await poll(one)).partial == ()
    assert one.tokens == 2


async def test_a_fresh_token_that_is_refused_is_a_refusal() -> None:
    one = tenant()
    one.good = 0
    assert "the token is refused" in await refused(one, AuthFailed)
    assert one.asked == [HEALTH, HEALTH, ISSUES, ISSUES, SKUS, SKUS]


async def test_a_collection_that_refuses_the_token_leaves_the_others() -> None:
    one = tenant()
    one.answers[SKUS].extend(web.Response(status=401) for _ in range(2))
    harvest = await poll(one)
    assert harvest.partial[0].endswith("the token is refused (status 401)")
    assert "service_healthy" in {key[0] for key in series(harvest)}


async def test_a_token_that_is_not_given_is_asked_for_once() -> None:
    one = tenant()
    one.answers[TOKEN_PATH].extend(forbidden() for _ in range(3))
    await refused(one, AuthFailed)
    assert len(one.answers[TOKEN_PATH]) == 2


@pytest.mark.parametrize(("read", "asked"), [(["health"], [HEALTH, ISSUES]), (["seats"], [SKUS])])
async def test_only_what_is_wanted_is_read(read: list[str], asked: list[str]) -> None:
    one = tenant()
    assert (await poll(one, read=read)).partial == ()
    assert one.asked == asked


async def test_a_tenant_without_any_service_is_told() -> None:
    one = tenant()
    one.collections[HEALTH] = []
    assert (await poll(one)).partial == ("healthOverviews: names nothing",)


@pytest.mark.parametrize(
    ("count", "size", "said"), [(2001, 1, "more than 2000 entries"), (9, 8_000_000, "more than 67108864 bytes")]
)
async def test_a_collection_is_bounded(count: int, size: int, said: str) -> None:
    one = tenant()
    one.collections[SKUS] = [{"skuPartNumber": "A", "x": "x" * size}] * count
    one.page = 1000 if size == 1 else 1
    (remark,) = (await poll(one)).partial
    assert said in remark


async def test_a_wrong_secret_is_a_refusal_that_quotes_nothing() -> None:
    said = await refused(tenant(), AuthFailed, secret="canary-other")
    assert said.endswith("invalid_client (AADSTS7000215)")


@pytest.mark.parametrize(
    ("path", "permission", "kept"),
    [
        (SKUS, "LicenseAssignment.Read.All", "service_healthy"),
        (HEALTH, "ServiceHealth.Read.All", "licence_seats"),
    ],
)
async def test_a_permission_that_is_missing_leaves_the_rest(path: str, permission: str, kept: str) -> None:
    one = tenant()
    one.answers[path].append(forbidden())
    harvest = await poll(one)
    (said,) = harvest.partial
    assert said.endswith(f"the permission {permission} is missing")
    assert kept in {key[0] for key in series(harvest)}


async def test_issues_that_cannot_be_read_are_not_known() -> None:
    one = tenant()
    one.answers[ISSUES].append(forbidden())
    assert (await poll(one)).issues is None


async def test_without_any_permission_the_application_is_refused() -> None:
    one = tenant()
    for path in (HEALTH, ISSUES, SKUS):
        one.answers[path].append(forbidden())
    assert "ServiceHealth.Read.All" in await refused(one, AuthFailed)


async def test_pages_are_followed_to_their_end() -> None:
    one = tenant()
    one.page = 1
    assert ("licence_seats", "M365EDU_A3_FACULTY") in series(await poll(one))
    assert one.asked == [HEALTH, HEALTH, ISSUES, SKUS, SKUS]
    assert one.queries[4]["$skiptoken"] == "1"


@pytest.mark.parametrize(
    "link",
    [
        "http://127.0.0.2:9/v1.0/subscribedSkus",
        "https://graph.example/v1.0/x",
        "/v1.0/x",
        "http://[",
        7,
        {},
        "x" * 9000,
        "http://u:p@HOST/v1.0/subscribedSkus?x=1",
        "http://HOST/v1.0/subscribedSkus?x=\x00",
        "http://HOST/v1.0/subscribedSkus?x=\ud800",
        "http://HOST/v1.0/users?$select=mail",
        "http://HOST/v1.0/subscribedSkusAndMore",
        "http://HOST/v1.0/subscribedSkus/../users",
        "http://HOST/v1.0/subscribedSkus/%2e%2e/users",
        "http://127.0.0.1:99999/v1.0/subscribedSkus",
    ],
)
async def test_a_broken_link_to_the_next_page_is_followed_nowhere(link: object) -> None:
    one = tenant()
    async with served(one) as origin:
        one.links[SKUS] = link.replace("HOST", origin.removeprefix("http://")) if isinstance(link, str) else link
        harvest = await collector(FakeWire(), origin).collect()
    assert harvest.partial[0].endswith("the link to the next page is broken")
    assert one.asked.count(SKUS) == 1
    assert "licence_seats" not in {key[0] for key in series(harvest)}


async def test_a_link_that_leads_back_ends_the_walk() -> None:
    one = tenant()
    async with served(one) as origin:
        one.links[SKUS] = f"{origin}/v1.0{SKUS}?$skiptoken=1"
        harvest = await collector(FakeWire(), origin).collect()
    assert harvest.partial[0].endswith("the link to the next page is broken")
    assert one.asked.count(SKUS) == 2


@pytest.mark.parametrize("retry_after", ["0", "Fri, 15 Jan 2027 08:00:00 GMT"])
async def test_a_busy_service_is_asked_again_when_it_says(retry_after: str) -> None:
    one = tenant()
    one.answers[SKUS].append(busy(retry_after))
    assert (await poll(one)).partial == ()
    assert one.asked.count(SKUS) == 2


@pytest.mark.parametrize(("retry_after", "status"), [("600", 429), ("600", 503)])
async def test_one_that_is_busy_for_longer_says_until_when(retry_after: str, status: int) -> None:
    one = tenant()
    one.answers[SKUS].append(busy(retry_after, status))
    (said,) = (await poll(one)).partial
    assert said.endswith(f"too busy (status {status}), may be asked again in 600 s")
    assert one.asked.count(SKUS) == 1


async def test_one_that_is_busy_and_does_not_say_for_how_long_is_not_asked_beyond_the_time() -> None:
    one = tenant()
    one.answers[HEALTH].append(busy(None))
    harvest = await poll(one, budget=6.5)
    assert harvest.partial[0].endswith("too busy (status 429)")


async def test_a_slow_answer_ends_with_the_time_and_leaves_what_came() -> None:
    one = tenant()
    one.hold.add(SKUS)
    harvest = await poll(one, budget=5.5)
    assert harvest.partial == ("subscribedSkus: not read in time",)
    assert "service_healthy" in {key[0] for key in series(harvest)}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"<html>canary", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b"[]", "without a list"),
        (b'{"value": {"canary": 1}}', "without a list"),
        (b'{"value": "' + b"x" * 2**23 + b'"}', "is larger than"),
    ],
)
async def test_what_is_no_page_is_named_and_not_quoted(body: bytes, said: str) -> None:
    one = tenant()
    one.bodies[SKUS] = body
    (remark,) = (await poll(one)).partial
    assert said in remark
    assert "canary" not in remark


async def test_drift_is_named_by_field_and_what_is_understood_stays() -> None:
    one = tenant()
    one.collections[SKUS] = [sku("A", enabled="many"), sku("B"), {"part": "canary"}]
    one.collections[HEALTH] = [service("Exchange Online", "sunny"), service("Microsoft Teams")]
    harvest = await poll(one)
    found = series(harvest)
    assert ("licence_seats", "B") in found
    assert ("licence_seats", "A") not in found
    assert ("service_healthy", "Exchange Online") not in found
    assert found["service_status", "Exchange Online", "unknown"] == 1
    assert {remark.split(" is missing")[0] for remark in harvest.partial} == {
        "healthOverviews: status",
        "subscribedSkus: consumedUnits",
        "subscribedSkus: enabled",
        "subscribedSkus: skuPartNumber",
    }


async def test_many_issues_are_counted_and_only_some_told() -> None:
    one = tenant()
    one.collections[ISSUES] = [issue("Microsoft Teams", "advisory", title="x" * 5000) for _ in range(250)]
    harvest = await poll(one)
    assert series(harvest)["service_open_issues", "Microsoft Teams", "advisory"] == 250
    assert harvest.issues is not None
    assert len(harvest.issues) == 30
    assert {len(told.title) for told in harvest.issues} == {MAX_TITLE_BYTES}


async def test_nobody_there_is_unreachable() -> None:
    async with served(tenant()) as origin:
        pass
    with pytest.raises(Unreachable):
        await collector(FakeWire(), origin).collect()


async def test_a_service_that_fails_altogether_is_a_bad_reply() -> None:
    one = tenant()
    one.collections.clear()
    assert (await refused(one, BadReply)).endswith("status 404")


@pytest.mark.parametrize("answer", [lambda: busy("600"), lambda: forbidden()])
async def test_tokens_may_be_refused_for_other_reasons(answer: Callable[[], Any]) -> None:
    one = tenant()
    one.answers[TOKEN_PATH].extend(answer() for _ in range(3))
    await refused(one, CollectError)
