"""Notifications to people through Apprise, which knows some 170 services."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Iterable
from datetime import UTC, tzinfo
from typing import Any

from pydantic import SecretStr

from agent.contract import (
    AlertState,
    CannotCheck,
    Delivered,
    Delivery,
    Parcel,
    Rejected,
    Retry,
    Severity,
    Wire,
)
from agent.risk.texts import Language
from exporters.message import Message, compose

RETRY_SECONDS = 10.0
# For one service, everything included; Apprise's own socket timeouts are 4 s each.
SERVICE_SECONDS = 20.0
_REMEMBERED = 1000

_KINDS = {Severity.CRITICAL: "failure", Severity.WARNING: "warning", Severity.INFO: "info"}


class AppriseDeliverer:
    """Delivers to all URLs of one receiver; one that has accepted a message is not bothered again when others fail.

    They are called one after another, so that a receiver whose services hang takes one thread of the pool, not all.

    The URLs hold secrets: neither they nor what Apprise says about them reach a log or a result.
    """

    def __init__(
        self, name: str, urls: tuple[SecretStr, ...], language: Language, wire: Wire, zone: tzinfo = UTC
    ) -> None:
        self._name = name
        self._urls = urls
        self._language: Language = language
        self._wire = wire
        self._zone = zone
        self._services: tuple[Any, ...] | None = None
        self._left: OrderedDict[str, list[int]] = OrderedDict()  # URLs still to be called, by message

    async def deliver(self, parcel: Parcel) -> Delivery:
        """Try every URL that has not accepted the message yet, once; not to be called again meanwhile."""
        notification = parcel.notifications[0]
        alert = notification.alert
        kind = "success" if alert.state is AlertState.RESOLVED else _KINDS[alert.finding.severity]
        message = compose(alert, self._language, self._zone)
        try:
            if self._services is None:
                self._services = await self._wire.blocking("apprise", self._load)
        except _UnknownService as error:
            return Rejected(str(error))
        except CannotCheck as error:
            return Retry(RETRY_SECONDS, error.detail)
        return await self._send(notification.key, message, kind, self._services)

    async def _send(self, key: str, message: Message, kind: str, services: tuple[Any, ...]) -> Delivery:
        left = self._left.setdefault(key, list(range(len(services))))
        self._left.move_to_end(key)
        while len(self._left) > _REMEMBERED:
            self._left.popitem(last=False)
        failed: list[str] = []
        for index in tuple(left):
            # Last in the line before it is called: where it hangs and the delivery is cut short, the next try begins
            # with the others.
            left.remove(index)
            left.append(index)
            problem = await self._try(index, _call(services[index], message, kind))
            if problem is None:
                left.remove(index)
            else:
                failed.append(problem)
        if failed:
            return Retry(RETRY_SECONDS, "; ".join(failed))
        del self._left[key]
        return Delivered()

    async def _try(self, index: int, call: Callable[[], bool]) -> str | None:
        """Return None, or why the URL did not take the message."""
        try:
            taken = await self._wire.blocking("apprise", call)
        except CannotCheck as error:
            return error.detail
        return None if taken else f"URL {index + 1} of {self._name} did not take the message"

    def _load(self) -> tuple[Any, ...]:
        services = load_services(self._urls)
        for index, service in enumerate(services):
            if service is None:
                raise _UnknownService(f"URL {index + 1} of {self._name} is none that Apprise knows")
        return services


def load_services(urls: Iterable[SecretStr]) -> tuple[Any, ...]:
    """Build one Apprise object a URL, None where it knows no such service; blocking, a second for the import."""
    import apprise  # heavy, so at first use

    # Its log lines quote URLs; what matters is in the result.
    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
    asset = apprise.AppriseAsset(
        app_id="Ringwacht",
        app_desc="Ringwacht",
        app_url="",
        async_mode=False,
        http_redirects=False,
        allow_templates=False,
        interpret_escapes=False,
        storage_mode="memory",
        service_timeout=SERVICE_SECONDS,
    )
    services = [(apprise.Apprise(asset=asset), url) for url in urls]
    return tuple(service if service.add(url.get_secret_value()) else None for service, url in services)


class _UnknownService(Exception):
    """Apprise refuses a URL as such."""


def _call(service: Any, message: Message, kind: str) -> Callable[[], bool]:
    def send() -> bool:
        return bool(service.notify(body=message.body, title=message.title, notify_type=kind, body_format="text"))

    return send
