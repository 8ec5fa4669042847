"""When findings become alerts, and who hears of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from config.address import Url
from config.base import AnyPath, Id, Model, Text
from config.errors import Wrong
from config.hours import Hours
from config.kinds import RuleTable
from config.rules import SeverityName
from config.secrets import Secret
from config.units import Day, Duration, Interval, LocalTime, TimeOfDay

DAEMON = "daemon"  # who did in the audit what no role did: no receiver's name


class Hold(Model):
    """How long a finding must stand before it fires."""

    critical: Duration = Field(default=30.0, description="For critical findings.")
    warning: Duration = Field(default=120.0, description="For warnings.")
    info: Duration = Field(default=600.0, description="For informational ones.")


class Match(Model):
    """Which findings are meant; all keys given must hold. Without any key: all findings."""

    rule: Id | None = Field(default=None, description="Name of the rule, shipped or own.")
    severity: SeverityName | None = Field(default=None, description="Severity.")
    subject: Annotated[str, Field(pattern=r"^(uplink:[0-9a-f:.]+|([a-z]+:)?[A-Za-z0-9_.-]+(/[^:]+)?)$")] | None = Field(
        default=None,
        description="Id of the subject, with or without its kind: `ev-vdsl`, `link:ev-vdsl`, `group:mast-west`, "
        "`group:provider/Telekom`, `source:m365/Exchange Online`.",
    )
    site: Id | None = Field(default=None, description="Site of the subject.")
    device: Id | None = Field(default=None, description="Device.")
    link: Id | None = Field(default=None, description="Link.")
    service: Id | None = Field(default=None, description="Service.")
    contract: Id | None = Field(default=None, description="Contract; of work also on all that is owed under it.")
    ring: Id | None = Field(default=None, description="Ring.")
    room: Id | None = Field(default=None, description="Room.")

    @property
    def empty(self) -> bool:
        """Whether it means all findings; a key that is there without a value names nothing."""
        return not self.named

    @property
    def named(self) -> Mapping[str, str]:
        """What it names, by key."""
        return self.model_dump(exclude_none=True)


class Accepted(Model):
    """A standing finding that someone decided to live with."""

    match: Match = Field(description="Which findings.")
    until: Day = Field(description="Last day.")
    reason: Text = Field(description="Why.")

    @model_validator(mode="after")
    def _narrow(self) -> Accepted:
        if self.match.empty:
            raise Wrong("match is empty: it would accept every finding")
        return self


class DeadMansSwitch(Model):
    """A call to someone who notices when it stays away."""

    url: Url = Field(description="What is called.")
    every: Interval = Field(default=60.0, description="How often.")
    token: Secret | None = Field(default=None, description="Secret that the call carries (`Authorization: Bearer …`).")
    fail: bool = Field(
        default=False,
        description="Whether `<url>/fail` is called with the reason when a part of the daemon hangs, as healthchecks "
        "and Ringwacht take it; without it the call only stays away.",
    )


class Duty(Model):
    """Who is on duty when, from an iCalendar (RFC 5545): the title of each event is the name of a receiver.

    `Vertretung: NAME` or `Substitute: NAME` outranks what else stands there; `Abwesend: NAME` or `Absent: NAME` hands
    that receiver's duty to its substitute.
    """

    file: AnyPath | None = Field(default=None, description="Calendar file (.ics). The last good copy is kept.")
    url: Secret | None = Field(
        default=None, description="Address of the calendar; it may hold a secret. The last good copy is kept."
    )
    refresh: Interval = Field(default=900.0, description="How often it is read again.")
    otherwise: tuple[Id, ...] = Field(min_length=1, description="Who is told while the calendar names nobody.")

    @model_validator(mode="after")
    def _one_source(self) -> Duty:
        if (self.file is None) == (self.url is None):
            raise Wrong("needs exactly one of file and url")
        return self


class Receiver(Model):
    """Who hears of alerts: a role with ways to reach it (`apprise`), or whoever of others has duty (`duty`)."""

    apprise: tuple[Secret, ...] = Field(default=(), description="Apprise URLs; they hold secrets.")
    duty: Duty | None = Field(default=None, description="Calendar that says which other receiver is meant.")
    substitute: Id | None = Field(default=None, description="Receiver that has the duty while this one is absent.")
    via: tuple[Id, ...] = Field(
        default=(),
        description="Links that a message to it crosses; of a ring one is enough: it counts while the ring carries.",
    )
    fallback: Id | None = Field(default=None, description="Receiver that is told when this one cannot be reached.")
    fallback_after: Duration = Field(
        default=300.0, description="How long it is tried before the fallback is told as well."
    )

    @model_validator(mode="after")
    def _one_way(self) -> Receiver:
        if bool(self.apprise) == (self.duty is not None):
            raise Wrong("needs exactly one of apprise and duty")
        return self


class Escalation(Model):
    """Who is told when nobody acknowledges."""

    after: Duration = Field(description="How long after the first notification.")
    to: tuple[Id, ...] = Field(min_length=1, description="Receivers.")


class Route(Model):
    """Which findings go to whom; the first route that matches wins."""

    match: Match = Field(default_factory=Match, description="Which findings; default: all.")
    receivers: tuple[Id, ...] = Field(min_length=1, description="Receivers.")
    when: Literal["always", "office_hours"] = Field(
        default="always", description="Outside of it the notification waits."
    )
    repeat: Interval | None = Field(
        default=None, description="How often a standing alert is sent again; default: never."
    )
    escalate: tuple[Escalation, ...] = Field(default=(), description="Who is told when nobody acknowledges.")
    digest: TimeOfDay | None = Field(default=None, description="Collected, and sent once a day at this local time.")


class RateLimit(Model):
    """How many messages one receiver gets at most; what exceeds it is told in one summary."""

    messages: int = Field(default=10, ge=1, le=1000, description="Messages.")
    per: Interval = Field(default=600.0, description="Within this time.")


class Maintenance(Model):
    """Announced work: mutes what the work explains."""

    name: Text = Field(description="What is done.")
    mode: Literal["mute", "skip", "run"] = Field(
        default="mute",
        description="`mute`: alerts stand, nobody is told; `skip`: nothing that it explains becomes an alert; "
        "`run`: all is told, and the work is named.",
    )
    # `from` is a word of Python's
    start: LocalTime = Field(alias="from", description="Local time at which it begins.")
    until: LocalTime = Field(description="Local time at which it ends.")
    match: Match = Field(description="What is worked on.")

    @model_validator(mode="after")
    def _sensible(self) -> Maintenance:
        if self.start >= self.until:
            raise Wrong("from must be before until")
        if self.match.empty:
            raise Wrong("match is empty: it would mute every finding")
        return self


class Alerting(Model):
    """When findings become alerts, and who hears of them."""

    hold: Hold = Field(default_factory=Hold, description="How long a finding must stand before it fires.")
    clear: Duration = Field(default=120.0, description="How long it must be good before it is resolved.")
    rules: RuleTable = Field(default_factory=dict, description="Shipped rules, adjusted.")
    accept: tuple[Accepted, ...] = Field(default=(), description="Standing findings that someone decided to live with.")
    alertmanagers: tuple[Url, ...] = Field(default=(), description="Alertmanagers, e.g. `http://127.0.0.1:9093`.")
    heartbeat: DeadMansSwitch | None = Field(default=None, description="Call that tells others that this daemon lives.")
    receivers: Mapping[Id, Receiver] = Field(default_factory=dict, description="Who hears of alerts.")
    office_hours: Hours = Field(
        default="Mo-Fr 07:00-17:00", description="What `office_hours` means; German or English weekdays."
    )
    school_hours: Hours = Field(
        default="Mo-Fr 07:30-16:00", description="What `school_hours` means, outside school holidays."
    )
    group_wait: Duration = Field(
        default=5.0,
        description="After a message about a site or cause, so long further ones about it are collected into one.",
    )
    rate_limit: RateLimit = Field(
        default_factory=RateLimit, description="Messages that one receiver gets at most; more become a summary."
    )
    routes: tuple[Route, ...] = Field(default=(), description="Which findings go to whom; the first match wins.")
    maintenance: tuple[Maintenance, ...] = Field(default=(), description="Announced work.")

    @field_validator("receivers")
    @classmethod
    def _roles(cls, receivers: Mapping[str, Receiver]) -> Mapping[str, Receiver]:
        if DAEMON in receivers:
            raise Wrong(f"no receiver may be called {DAEMON}: the audit says so of what nobody did")
        return receivers
