"""What messages need to know of a configuration: names, contacts, language, time zone, addresses. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from agent.contract import Acknowledgement, Alert, AlertState, Notification, Severity, Subject
from agent.risk.network.naming import Names
from agent.risk.texts import Words
from agent.wire.seal import Seal
from config.hours import ALWAYS
from config.inventory import Contract, Inventory
from config.settings import Settings
from exporters.address import page_of
from exporters.messages.wording import TABLE
from exporters.web.runbooks import path_of

ACKNOWLEDGE = "/a/"


def acknowledgement(notification: Notification) -> Acknowledgement | None:
    """Return who has acknowledged what it tells of, unless that has run out when it is to leave."""
    mark = notification.alert.acknowledged
    return mark if mark is not None and mark.holds(notification.due_at) else None


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to call about something. ``number``: the telephone number alone, for a text message."""

    text: str
    number: str | None = None


@dataclass(frozen=True, slots=True)
class Briefing:
    """Built once for a configuration. ``address``: of the page, without a slash at its end; None: no links."""

    names: Names
    zone: tzinfo = UTC
    address: str | None = None
    seal: Seal | None = None

    @classmethod
    def of(cls, inventory: Inventory, settings: Settings, seal: Seal | None) -> Briefing:
        """Look at a configuration; without a seal messages have no link that acknowledges."""
        town = settings.municipality
        names = Names.of(inventory, Words(town.language))
        return cls(names, ZoneInfo(town.timezone), page_of(settings.web, afar=True), seal)

    @property
    def words(self) -> Words:
        """The words of its language."""
        return self.names.words

    @property
    def inventory(self) -> Inventory:
        """What is watched."""
        return self.names.inventory

    def say(self, key: str, **values: str | int) -> str:
        """Return a text of the messages' own table. Raises KeyError."""
        return TABLE[key][0 if self.words.language == "de" else 1].format(**values)

    def time(self, at: float, now: float) -> str:
        """Return a moment (seconds since the epoch) in local time: of the day, with the date where it is another."""
        moment, today = datetime.fromtimestamp(at, self.zone), datetime.fromtimestamp(now, self.zone)
        if moment.date() == today.date():
            return f"{moment:%H:%M}"
        if self.words.language == "en":
            return f"{moment:%Y-%m-%d %H:%M}"
        return f"{moment:%d.%m. %H:%M}" if moment.year == today.year else f"{moment:%d.%m.%Y %H:%M}"

    def element(self, subject: Subject) -> str:
        """Return what people call a subject."""
        if subject.kind in {"service", "ring", "room", "function"}:
            known = getattr(self.inventory, f"{subject.kind}s").get(subject.id)
            return self.say(subject.kind, name=(known and known.name) or subject.id)
        if subject.kind in {"site", "power", "device", "group"} or self._is_link(subject):
            return self.names.element(subject)
        return str(subject)

    def runbook(self, rule: str) -> str | None:
        """Return the address of a rule's page."""
        return None if self.address is None else f"{self.address}{path_of(rule)}"

    def acknowledge_link(self, notification: Notification) -> str | None:
        """Return the address that acknowledges its alert once, in the name of its receiver.

        None where there is nothing to acknowledge: it is over, acknowledged, or only informs.
        """
        alert = notification.alert
        waits = alert.state is AlertState.FIRING and alert.finding.severity is not Severity.INFO
        if self.address is None or self.seal is None or not waits or acknowledgement(notification) is not None:
            return None
        token = self.seal.token(alert.id, notification.receiver, notification.created_at)
        return f"{self.address}{ACKNOWLEDGE}{token}"

    def contacts(self, alert: Alert) -> tuple[Contact, ...]:
        """Return whom to call: the providers of what failed and of what caused it, then the site's own number."""
        finding = alert.finding
        concerned = [finding.subject, *([finding.cause] if finding.cause else [])]
        found = [contact for subject in concerned for contact in self._providers(subject)]
        sites = [finding.site, *(subject.id for subject in concerned if subject.kind == "site")]
        return tuple(dict.fromkeys([*found, *self._sites(filter(None, sites))]))

    def _is_link(self, subject: Subject) -> bool:
        return subject.kind == "link" and subject.id in self.inventory.links

    def _providers(self, subject: Subject) -> Iterator[Contact]:
        if subject.kind == "link" and (link := self.inventory.links.get(subject.id)) is not None:
            yield from self._contract(link.contract, link.circuit)
        if subject.kind == "service" and (service := self.inventory.services.get(subject.id)) is not None:
            yield from self._contract(service.contract)
            yield from self._sites(filter(None, [service.site]))
        if subject.kind == "contract":
            yield from self._contract(subject.id)
        if subject.kind == "group" and subject.id.startswith("provider/"):
            provider = subject.id.removeprefix("provider/")
            for name, contract in self.inventory.contracts.items():
                if contract.provider == provider:
                    yield from self._contract(name)

    def _contract(self, name: str | None, circuit: str | None = None) -> Iterator[Contact]:
        contract = self.inventory.contracts.get(name or "")
        if name is None or contract is None:
            return
        parts = [contract.provider, self.say("circuit", circuit=circuit) if circuit else "", *self._terms(contract)]
        text = ", ".join(part for part in parts if part)
        yield Contact(f"{text} ({self.say('contract', contract=name)})", contract.hotline)

    def _terms(self, contract: Contract) -> Iterator[str]:
        yield self.say("telephone", number=contract.hotline) if contract.hotline else self.say("no_hotline")
        if contract.reaction is not None:
            yield self.say("reaction", duration=self.words.duration(contract.reaction))
        if contract.hours != ALWAYS:
            yield self.say("hours", hours=contract.hours)

    def _sites(self, sites: Iterable[str]) -> Iterator[Contact]:
        for name in sites:
            site = self.inventory.sites.get(name)
            if site is not None and site.hotline:
                number = self.say("telephone", number=site.hotline)
                yield Contact(f"{self.names.site(name)}, {number}", site.hotline)
