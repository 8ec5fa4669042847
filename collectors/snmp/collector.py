"""One device's poll: recognise it, get its scalars, walk its tables, discard all of it if it rebooted meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from agent.contract import BadReply, Harvest, LabelPairs, MetricFamily, Target, Wire
from agent.families import (
    SERIES_DROPPED,
    SNMP_ALIKE,
    SNMP_DROPPED,
    SNMP_ENGINE,
    SNMP_ENGINE_ID,
    SNMP_PACKETS,
    SNMP_PROFILE,
    SNMP_RESYNCS,
    SNMP_VALUES,
)
from agent.layout import clean_text
from collectors.snmp.engines import Peer, converse
from collectors.snmp.identity.annex import Annex
from collectors.snmp.identity.dossier import Dossier
from collectors.snmp.identity.facts import SYSTEM_FACTS
from collectors.snmp.mapping.probing import answered
from collectors.snmp.mapping.recognise import Device, Recogniser
from collectors.snmp.modules.texts import number
from collectors.snmp.oid import SYS_OBJECT_ID, SYS_UPTIME, Value
from collectors.snmp.params import SnmpParams
from collectors.snmp.parse import Arranged
from collectors.snmp.transport.failover import Conversation
from collectors.snmp.transport.security import Credential, Keys
from collectors.snmp.walking.doubt import Doubt
from collectors.snmp.walking.gather import gather
from collectors.snmp.walking.ragged import Ragged
from collectors.snmp.walking.scalars import Getter
from collectors.snmp.walking.slow import SlowWalks
from collectors.snmp.walking.walk import MAX_REPETITIONS, Limits, Walker, as_walked
from config.address import Address

BUDGET_SHARE = 0.9
"""Share of the target's budget that a poll may use, so that it ends by itself and can say what it has."""


@dataclass(slots=True)
class _Connection:
    """What lives as long as one address: session, getter, and the walker for the device as recognised."""

    address: Address
    session: Conversation
    getter: Getter
    doubt: Doubt = field(default_factory=Doubt)
    ragged: Ragged = field(default_factory=Ragged)
    walker: Walker | None = None
    slow: SlowWalks = field(default_factory=SlowWalks)


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
        self._rows: Mapping[str, int] = {}
        self._dossier = Dossier(target, wire)
        self._annex = Annex()
        self._facts: tuple[object, Mapping[str, str]] = (None, {})

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

    @property
    def device(self) -> Device | None:
        """What is known of how to read the device, None before it was recognised."""
        return self._device

    @property
    def rows(self) -> Mapping[str, int]:
        """How many rows each subtree had in the last poll."""
        return self._rows

    async def collect(self) -> Harvest:
        """Poll once. Raises Unreachable, AuthFailed, BadReply, CannotCheck."""
        connection = await self._connect()
        session = connection.session
        session.begin_poll(self._target.budget_seconds * BUDGET_SHARE)
        try:
            return await self._poll(connection)
        finally:
            self._count(SNMP_PACKETS, session.packets)
            for why, times in session.take_resyncs().items():
                self._count(SNMP_RESYNCS, times, (("why", why),))

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
        address = Address(literal, self._target.port)
        if self._connection is None or self._connection.address != address:
            await self.close()
            credential: Credential = self._target.credential.snmp
            peer = Peer(address, credential, self._target.timeout_seconds)
            session = converse(
                peer, self._keys, self._params, any_source=self._recogniser.any_source, offload=self._offload
            )
            session.trace = self._trace
            self._connection = _Connection(address, session, Getter(session))
        return self._connection

    async def _offload(self, call: Callable[[], object]) -> object:
        return await self._wire.blocking("default", call)

    async def _poll(self, connection: _Connection) -> Harvest:
        connection.getter.begin_poll()
        scalars = await self._scalars(connection)
        device, walker = self._device, connection.walker
        if device is None or walker is None:
            raise AssertionError("the first scalars recognise the device")
        walker.begin_poll()
        now = self._wire.now()  # of the poll: registers count by the clock that the slow walks went by
        gathered = await gather(walker, device, connection.getter, connection.slow, now)
        self._rows = {walk.root: len(walk.values) for walk in gathered.walks}
        if connection.doubt.arises(gathered.walks):
            connection.slow = SlowWalks()
            raise BadReply("every port down and every description empty at once: believed when a second poll says so")
        if gathered.walks and scalars.get(SYS_UPTIME) is not None:
            await self._check_uptime(connection)
        walks = [*gathered.walks, as_walked(scalars)]  # of a column read both ways the walk is whole
        self._count(SNMP_VALUES, sum(len(walk.values) for walk in walks) - gathered.earlier)
        inventory = self._dossier.inventory
        if device.profiles and inventory.is_due(now):
            await inventory.read(connection.session, walker, now)
        facts = self._read_facts(device, scalars, connection.session)
        samples = self._dossier.samples(facts) if device.profiles else []
        ports, portless = self._dossier.access_ports(walks, gathered.failed)
        beside = [*samples, *ports]
        arranged = device.arranger.arrange(walks, frozenset(gathered.failed), now, len(beside))
        self._count_dropped(arranged, connection)
        layout = self._annex.join(arranged.layout, arranged.values, beside)
        gathered.missing += [] if gathered.failed else connection.ragged.remarks(gathered.walks)
        missing = (*connection.getter.remarks(device.scalars), *gathered.missing, *arranged.remarks, *portless)
        known = inventory.latest
        return Harvest(layout, arranged.values, facts, known.neighbours, missing, known.parts)

    async def _scalars(self, connection: _Connection) -> dict[str, Value]:
        """Get the scalars; recognise the device first, and anew when it restarted or is another one."""
        getter = connection.getter
        first = self._device.scalars if self._device else (SYS_UPTIME, *SYSTEM_FACTS.values())
        scalars = await getter.get(first)
        restarted = self._dossier.restarted(scalars)
        if connection.walker is not None and not restarted and scalars.get(SYS_OBJECT_ID) == self._identity:
            return scalars
        if restarted or self._identity not in {None, scalars.get(SYS_OBJECT_ID)}:
            connection.walker = None  # also where recognising it fails now
            self._dossier.inventory.expire()
            getter.forget()
        device = await self._recognise(connection, scalars)
        scalars |= await getter.get(oid for oid in device.scalars if oid not in scalars)
        connection.walker = Walker(connection.session, self._limits(device))
        connection.slow = SlowWalks()
        connection.session.be_patient(device.asking.timeout_seconds, device.asking.retries)
        self._device, self._identity = device, scalars.get(SYS_OBJECT_ID)
        self._dossier.recognised(scalars)
        return {oid: scalars[oid] for oid in device.scalars if oid in scalars}

    async def _recognise(self, connection: _Connection, scalars: Mapping[str, Value]) -> Device:
        if self._device is not None and self._recogniser.profile != "auto":
            return self._device
        found = await answered(connection.session, connection.getter, self._recogniser.probes(scalars))
        return self._recogniser.choose(scalars, found, self._device)

    def _limits(self, device: Device) -> Limits:
        quirks, params = device.quirks, self._params
        repetitions = min(params.max_repetitions, quirks.max_repetitions or MAX_REPETITIONS)
        return Limits(
            params.max_rows,
            bulk=quirks.bulk,
            unordered=quirks.unordered,
            repetitions=repetitions,
            no_bulk=quirks.no_bulk,
            asking=device.asking,
        )

    async def _check_uptime(self, connection: _Connection) -> None:
        """Read sysUpTime again: tables read across a reboot mix two lives of the device (F08). Raises BadReply."""
        connection.session.allow((1 - BUDGET_SHARE) / 2 * self._target.budget_seconds)  # slow tables are kept, too
        answer = await connection.session.get([SYS_UPTIME])
        if self._dossier.restarted_meanwhile(number(answer.get(SYS_UPTIME))):
            connection.walker = None
            raise BadReply("rebooted during the poll")

    def _read_facts(self, device: Device, scalars: Mapping[str, Value], session: Conversation) -> Mapping[str, str]:
        engine, engine_id = session.engine, session.engine_id
        raw = (device.facts, *(scalars.get(oid) for oid in device.facts.oids), engine, engine_id)
        if raw != self._facts[0]:
            known = {SNMP_ENGINE: engine, SNMP_PROFILE: device.profile_name, SNMP_ENGINE_ID: clean_text(engine_id)}
            self._facts = (raw, device.facts.read(scalars) | {name: text for name, text in known.items() if text})
        return self._dossier.facts(self._facts[1]) if device.profiles else self._facts[1]

    def _count_dropped(self, arranged: Arranged, connection: _Connection) -> None:
        unexpected, connection.getter.unexpected = connection.getter.unexpected, 0
        invalid = connection.session.take_invalid()
        for why, count in {**arranged.dropped, "unexpected_oid": unexpected, "invalid_value": invalid}.items():
            if count:
                self._count(SNMP_DROPPED, count, (("why", why),))
        for family, count in ((SERIES_DROPPED, arranged.beyond), (SNMP_ALIKE, arranged.alike)):
            if count:
                self._count(family, count)
        if self._trace is not None:
            for refusal in arranged.refusals:
                self._trace(f"refused: {refusal}")

    def _count(self, family: MetricFamily, by: float, more: LabelPairs = ()) -> None:
        self._wire.telemetry.count(family, self._target.labels + more, by)
