"""The ways to people: each Apprise URL, what it takes, and what became of a message on it. Blocking.

Of what Apprise logs only the status codes leave this module: its lines quote URLs, which hold secrets.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import SecretStr

from agent.contract import Delivered, Delivery, Rejected, Retry
from config.errors import did_you_mean
from exporters.messages.compose import Message
from exporters.messages.markdown import markdown
from exporters.messages.sms import SEPTETS

RETRY_SECONDS = 10.0
BUSY_SECONDS = 60.0  # where a service says that it is asked too often; Apprise does not hand on for how long
SHORT_CHARACTERS = 320  # what takes less is a text message, or as short as one

# The far side refuses this message, and would again (RFC 9110, 15.5); others may pass.
_REFUSALS = frozenset({400, 401, 403, 404, 405, 410, 413, 422})
_TOO_MANY = 429
_STATUS = re.compile(r"\berror=([45][0-9]{2})\b")

# Services that send text messages though they take more, as several of them: each is paid for, and may come alone.
_TEXT_MESSAGES = frozenset(
    {"800com", "cm", "exotel", "kaleyra", "mobilemessage", "notifyre", "octopush", "smpp", "smpps", "smseagle"}
    | {"smseagles", "smstunnel", "sns", "telesign"}
)


class Way:
    """One Apprise URL that parses. Not to be used by two threads at once."""

    def __init__(self, service: Any) -> None:
        self._service = service
        self._plugin = service[0]

    def send(self, message: Message, key: str) -> Delivery:
        """Send it, once, in the length that the service takes. ``key``: the idempotency key."""
        self._mark(key)
        title, body = self._fitted(message)
        form = "markdown" if self._renders_markdown else "text"
        result = self._service.notify(body=body, title=title, notify_type=message.tone, body_format=form)
        if result:
            return Delivered()
        codes = {int(code) for code in _codes(result)}
        why = " ".join(["HTTP", *map(str, sorted(codes))]) if codes else "no good answer"
        if codes and codes <= _REFUSALS:
            return Rejected(why)
        return Retry(BUSY_SECONDS if _TOO_MANY in codes else RETRY_SECONDS, why)

    def _fitted(self, message: Message) -> tuple[str, str]:
        plugin = self._plugin
        if self._is_short:
            return "", message.short(min(SEPTETS, plugin.body_maxlen))
        if plugin.title_maxlen <= 0:  # Apprise puts the title before the body
            title = self._put(message.title())
            return title, self._body(message, _room(plugin) - len(title))
        title = message.title(plugin.title_maxlen)
        body = self._body(message, _room(plugin))
        return title, body if title == message.title() else f"{self._put(message.title())}\n\n{body}"

    @property
    def _renders_markdown(self) -> bool:
        """Whether it takes Markdown unless told otherwise: what Apprise makes of plain text there breaks addresses."""
        return bool(self._plugin.notify_format == "markdown") and not self._is_short

    def _put(self, text: str) -> str:
        return markdown(text) if self._renders_markdown else text

    def _body(self, message: Message, room: int) -> str:
        """Return the body in at most ``room`` characters as they are sent."""
        limit = room
        while (over := len(self._put(message.body(limit))) - room) > 0 and limit > 0:
            limit -= over
        return self._put(message.body(max(0, limit)))

    @property
    def _is_short(self) -> bool:
        """Whether it sends text messages, or something as short."""
        return self._plugin.body_maxlen < SHORT_CHARACTERS or not _TEXT_MESSAGES.isdisjoint(_schemes(self._plugin))

    def _mark(self, key: str) -> None:
        """Hand the key on where the service lets us name headers: own endpoints (json, xml, form) and mail."""
        headers = getattr(self._plugin, "headers", None)
        if isinstance(headers, dict):
            headers["Idempotency-Key"] = key


def load_ways(urls: Iterable[SecretStr]) -> tuple[Way | None, ...]:
    """Return a way for each URL, None where Apprise knows no such service; blocking, a second for the import."""
    import apprise  # heavy, so at first use

    _keep_logs_inside()
    asset = apprise.AppriseAsset(
        app_id="Ringwacht",
        app_desc="Ringwacht",
        app_url="",
        image_url_mask="",  # messengers would fetch the pictures from a third party
        image_url_logo="",
        async_mode=False,
        http_redirects=False,
        allow_templates=False,
        interpret_escapes=False,
        interpret_emojis=False,
        storage_mode="memory",
        # What it stops waiting for goes on in a pool that all services share: one that drips would silence all.
        service_timeout=0,
    )
    services = [(apprise.Apprise(asset=asset), url) for url in urls]
    return tuple(Way(service) if service.add(url.get_secret_value()) else None for service, url in services)


def name_of(number: int, url: SecretStr) -> str:
    """Return what a receiver's URL is called in the state: its place, and so much of a digest that a change is seen.

    Two bytes: enough to tell a changed URL from the one before, too few to find out by guessing what is in it.
    """
    return f"{number}-{hashlib.blake2b(url.get_secret_value().encode(), digest_size=2).hexdigest()}"


def slip_of(url: SecretStr) -> tuple[str, str]:
    """Return what is wrong with a URL that ``load_ways`` took for none, and a hint. Quotes only names of services."""
    import apprise

    scheme, colon, _ = url.get_secret_value().strip().partition("://")
    services: Any = apprise.manager_plugins.NotificationManager  # without types
    known: list[str] = services().schemas()
    if not colon:
        return "this is no URL", "e.g. mailto://user:password@example.org"
    if scheme.lower() in known:
        return (
            f"Apprise cannot read this {scheme.lower()} URL",
            "something is missing or misspelt; see its list of services",
        )
    return "Apprise knows no service for this URL", did_you_mean(scheme, known) or "see its list of services"


def _keep_logs_inside() -> None:
    """Let Apprise collect its warnings for its results, and nobody else see them."""
    logger = logging.getLogger("apprise")
    logger.setLevel(logging.WARNING)
    logger.propagate = False
    if not any(isinstance(handler, logging.NullHandler) for handler in logger.handlers):
        logger.addHandler(logging.NullHandler())  # without any Python writes to standard error


def _codes(result: Any) -> Iterator[str]:
    for service in result.results:
        for entry in service.logs():
            yield from _STATUS.findall(entry.message)


def _schemes(plugin: Any) -> Iterator[str]:
    for scheme in (plugin.protocol, plugin.secure_protocol):
        if scheme:
            yield from [scheme] if isinstance(scheme, str) else scheme


def _room(plugin: Any) -> int:
    """Characters for a body; what Apprise escapes makes it longer."""
    return int(plugin.body_maxlen) * 9 // 10
