"""One device's poll: recognise it, get its scalars, walk its tables, discard all of it if it rebooted meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from agent.contract import BadReply, Harvest, LabelPairs, MetricFamily, Target, Wire
from agent.families import SNMP_DROPPED, SNMP_PACKETS, SNMP_VALUES
from agent.layout import clean_text
from collectors.snmp.client import Session
from collectors.snmp.gather import gather
from collectors.snmp.oid import SYS_OBJECT_ID, SYS_UPTIME, Value
from collectors.snmp.params import SnmpParams
from collectors.snmp.recognise import SYSTEM_FACTS, Device, Recogniser
from collectors.snmp.scalars import Getter
from collectors.snmp.security import Credential, Keys
from collectors.snmp.texts import number, show
from collectors.snmp.walk import MAX_REPETITIONS, Limits, Walker, as_walked
from config.address import Address

BUDGET_SHARE = 0.9
"""Share of the target's budget that a poll may use, so that it ends by itself and can say what it has."""
UPTIME_MODULUS = 1 << 32
UPTIME_WRAP_ZONE = 360_000
"""sysUpTime wraps after 497 days; within an hour of it a smaller value is no reboot (F23)."""


@dataclass(slots=True)
class _Connection:
    """What lives as long as one address: session, getter, and the walker for the device as recognised."""

    address: str
    session: Session
    getter: Getter
    walker: Walker | None = None


class SnmpCollector:
    """Polls one device over SNMP; satisfies contract.Collector, Revivable and Traceable."""

    def __init__(self, target: Target, wire: Wire, recogniser: Recogniser, keys: Keys, params: SnmpParams) -> None:
        self._target = target
        self._wire = wire
        self._keys = keys
        self._params = params
        self._recogniser = recogniser
        self._trace: Callable[[str], None] | None = None
        self._connection: _Connection | None = None
        self._device = recogniser.fixed()
        self._identity: Value = None
        self._uptime: float | None = None
        self._facts: tuple[tuple[Value, ...], Mapping[str, str]] = ((), {})

    @property
    def trace(self) -> Callable[[str], None] | None:
        """Told of each exchange: what was asked, rows, milliseconds."""
        return self._trace

    @trace.setter
    def trace(self, told: Callable[[str], None] | None) -> None:
        self._trace = told
        if self._connection is not None:
            self._connection.session.trace = told

    @property
    def profile(self) -> str | None:
        """The profile in force, None before a device was recognised."""
        return self._device.profile_name if self._device else None

    async def collect(self) -> Harvest:
        """Poll once. Raises Unreachable, AuthFailed, BadReply, CannotCheck."""
        connection = await self._connect()
        session = connection.session
        session.start(self._target.budget_seconds * BUDGET_SHARE)
        try:
            return await self._poll(connection)
        finally:
            self._count(SNMP_PACKETS, session.packets)

    async def revive(self) -> None:
        """Exchange one packet: GET sysUpTime. Raises as ``collect``."""
        connection = await self._connect()
        connection.session.start(2 * self._target.timeout_seconds)  # under v3 the second half tells auth from silence
        await connection.session.get([SYS_UPTIME], retries=0)

    async def close(self) -> None:
        """Release the socket."""
        if self._connection is not None:
            self._connection.session.close()
        self._connection = None

    async def _connect(self) -> _Connection:
        host = self._target.host or ""
        literal = await self._wire.resolve(host)
        address = str(Address(literal, self._target.port))
        if self._connection is None or self._connection.address != address:
            await self.close()
            credential: Credential = self._target.credential.snmp
            session = Session(address, credential, self._keys, self._target.timeout_seconds)
            session.trace = self._trace
            self._connection = _Connection(address, session, Getter(session))
        return self._connection

    async def _poll(self, connection: _Connection) -> Harvest:
        scalars = await self._scalars(connection)
        device, walker = self._device, connection.walker
        if device is None or walker is None:
            raise AssertionError("the first scalars recognise the device")
        walker.begin_poll()
        gathered = await gather(walker, device)
        uptime = number(scalars.get(SYS_UPTIME))
        self._uptime = await self._uptime_after(connection, uptime) if gathered.walks else uptime
        walks = [as_walked(scalars), *gathered.walks]
        arranged = device.arranger.arrange(walks, frozenset(gathered.failed))
        self._count(SNMP_VALUES, sum(len(walk.values) for walk in walks))
        self._count_dropped(arranged.dropped, connection.getter)
        facts = self._read_facts(device, scalars, connection.session.engine_id)
        return Harvest(arranged.layout, arranged.values, facts, partial=tuple(gathered.missing))

    async def _scalars(self, connection: _Connection) -> dict[str, Value]:
        """Get the scalars; recognise the device first, and anew when it restarted or is another one."""
        getter = connection.getter
        first = self._device.scalars if self._device else (SYS_UPTIME, *SYSTEM_FACTS.values())
        scalars = await getter.get(first)
        restarted = _went_back(self._uptime, number(scalars.get(SYS_UPTIME)))
        if connection.walker is not None and not restarted and scalars.get(SYS_OBJECT_ID) == self._identity:
            return scalars
        getter.forget()
        device = await self._recognise(getter, scalars)
        scalars |= await getter.get(oid for oid in device.scalars if oid not in scalars)
        connection.walker = Walker(connection.session, self._limits(device))
        self._device, self._identity = device, scalars.get(SYS_OBJECT_ID)
        return {oid: scalars[oid] for oid in device.scalars if oid in scalars}

    async def _recognise(self, getter: Getter, scalars: Mapping[str, Value]) -> Device:
        if self._device is not None and self._recogniser.profile != "auto":
            return self._device
        matched = self._recogniser.matched(scalars)
        if self._device is not None and self._device.profile_name == matched:
            return self._device
        probes = () if matched else self._recogniser.library.probes.values()
        return self._recogniser.choose(scalars, await getter.get(probes))

    def _limits(self, device: Device) -> Limits:
        quirks, params = device.quirks, self._params
        repetitions = min(params.max_repetitions, quirks.max_repetitions or MAX_REPETITIONS)
        return Limits(params.max_rows, bulk=quirks.bulk, unordered=quirks.unordered, repetitions=repetitions)

    async def _uptime_after(self, connection: _Connection, before: float | None) -> float | None:
        """Read and return sysUpTime again: tables read across a reboot mix two lives of the device (F08)."""
        answer = await connection.session.get([SYS_UPTIME])
        after = number(answer.get(SYS_UPTIME))
        if _went_back(before, after):
            connection.walker = None
            raise BadReply("rebooted during the poll")
        return after

    def _read_facts(self, device: Device, scalars: Mapping[str, Value], engine_id: str) -> Mapping[str, str]:
        raw = (*(scalars.get(oid) for oid in device.facts.values()), engine_id)
        if raw != self._facts[0]:
            shown = zip((*device.facts, "snmp_engine_id"), raw, strict=True)
            self._facts = (raw, {name: text for name, value in shown if (text := clean_text(show(value, "")).strip())})
        return self._facts[1]

    def _count_dropped(self, dropped: Mapping[str, int], getter: Getter) -> None:
        for why, count in dropped.items():
            self._count(SNMP_DROPPED, count, (("why", why),))
        if getter.unexpected:
            self._count(SNMP_DROPPED, getter.unexpected, (("why", "unexpected_oid"),))
            getter.unexpected = 0

    def _count(self, family: MetricFamily, by: float, more: LabelPairs = ()) -> None:
        self._wire.telemetry.count(family, self._target.labels + more, by)


def _went_back(before: float | None, after: float | None) -> bool:
    """Whether sysUpTime says that the device restarted in between."""
    if before is None or after is None or after >= before:
        return False
    return before < UPTIME_MODULUS - UPTIME_WRAP_ZONE
