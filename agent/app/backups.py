"""The nightly backups of devices' configurations: who is asked, what is kept, what became of it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from threading import Event
from zoneinfo import ZoneInfo

import structlog
from structlog.typing import FilteringBoundLogger

from agent.app.backuprules import AGAIN_AFTER_TRUST, Text, after, is_due, mended
from agent.app.nights import last_night, nightly
from agent.configbackup import GOOD, PASSWORD_REFUSED, ConfigBackup, Fetched
from agent.contract import CannotCheck, Clock, Wire
from agent.layout import clean_text
from agent.state.database import StateError
from agent.state.store import StateStore
from agent.wire.attempt import Failure, attempt
from agent.wire.keyfile import load_key
from agent.wire.repository import Repository, RepositoryError
from collectors.ssh.client import Visit, VisitError, fetch
from config.inventory import Inventory
from config.loader import Loaded
from config.settings import Settings
from config.ssh import ssh_of

LOOK_EVERY_SECONDS = 30.0
AFTER_START_SECONDS = 180.0  # a night that was missed is made up for once the daemon has found its feet
LONGEST_SECONDS = 20 * 3600.0  # of one round: the next night comes
GRACE_SECONDS = 30.0  # beyond a visit's own deadline: its thread may have to wait for a free one
KEY_NAME = "mask.key"
MOST_REFUSALS = 3  # of one login in a row: whoever counts them centrally locks it

_LONGEST_DETAIL = 200
_COMMIT_SECONDS = 600.0

_log: FilteringBoundLogger = structlog.get_logger("backups")

Fetch = Callable[[Visit, Callable[[], bool]], Fetched]


def repository_of(settings: Settings) -> Path:
    """Return the folder of the repository."""
    return settings.backups.repository or settings.state.directory / "configurations"


def visits(inventory: Inventory, settings: Settings, mask_key: bytes) -> dict[str, Visit]:
    """Return, by device, how its configuration is fetched."""
    found: dict[str, Visit] = {}
    for name, device in inventory.devices.items():
        params = ssh_of(device.params)
        login = None if params is None else settings.credentials[params.credential].ssh
        if params is not None and login is not None and device.address is not None:
            seconds = settings.backups.deadline
            found[name] = Visit(name, device.address.host, params, login, seconds, mask_key)
    return found


@dataclass(slots=True)
class _Night:
    """One round: how many are asked at a time, what is to be committed, how often in a row a credential was refused."""

    repository: Repository
    gate: asyncio.Semaphore
    texts: dict[str, Text] = field(default_factory=dict[str, Text])
    refusals: Counter[str] = field(default_factory=Counter[str])


class NightlyBackups:
    """Fetches the configurations that are due, a few at a time, each in a process of its own; keeps what changed.

    A device that hangs costs its deadline and nobody else's; a repository that cannot be written, or a full disk, is
    an outcome like any other.
    """

    def __init__(
        self, store: StateStore, wire: Wire, clock: Clock, loaded: Callable[[], Loaded], fetch: Fetch = fetch
    ) -> None:
        self._store = store
        self._wire = wire
        self._clock = clock
        self._loaded = loaded
        self._fetch = fetch
        self._stopped = Event()
        self._tried: dict[str, float] = {}  # perhaps not written: nobody is asked again and again for a full disk
        self._due: tuple[str, ...] = ()
        self._wanted = False
        self._seen: Loaded | None = None
        self._nights = nightly(lambda: bool(self._due), self._want)

    async def run(self) -> None:
        """Look each half minute who is due, until cancelled; what is under way then ends at once."""
        begun = self._clock.monotonic()
        try:
            while True:
                await self._expect()
                if self._clock.monotonic() - begun >= AFTER_START_SECONDS:
                    await attempt(self.look, LONGEST_SECONDS, "backups")
                await self._clock.sleep(LOOK_EVERY_SECONDS)
        finally:
            self._stopped.set()

    async def look(self) -> None:
        """Ask who is due now, and keep what they say."""
        loaded = self._loaded()
        self._due = await self._who_is_due(loaded)
        self._nights.run_pending()
        if self._wanted:
            self._wanted = False
            await self._round(loaded, self._due)

    def _want(self) -> None:
        self._wanted = True

    # --- who ---------------------------------------------------------------------------------------------------------

    async def _expect(self) -> None:
        """Note since when backups are awaited, and forget devices that have none any more."""
        inventory, known, now = self._loaded().inventory, self._store.config_backups(), self._clock.now()
        self._tried = {
            name: min(at, now) for name, at in self._tried.items()
        }  # the clock may have leapt, and come back
        asked = [name for name, device in inventory.devices.items() if ssh_of(device.params) is not None]
        fresh = [ConfigBackup(name, now) for name in asked if name not in known]
        mend = [other for name in asked if name in known and (other := mended(known[name], now)) is not known[name]]
        gone = known.keys() - set(asked)
        if fresh or mend or gone:
            await self._record((*fresh, *mend), gone)

    async def _who_is_due(self, loaded: Loaded) -> tuple[str, ...]:
        settings, now = loaded.settings, self._clock.now()
        is_reloaded, self._seen = self._seen is not None and self._seen is not loaded, loaded
        night = last_night(now, settings.backups.at, ZoneInfo(settings.municipality.timezone))
        found: list[str] = []
        for name, visit in visits(loaded.inventory, settings, b"").items():
            known = self._known(name)
            trusted_at = 0.0
            if known.outcome in AGAIN_AFTER_TRUST:
                trusted_at = await self._wire.blocking("git", partial(_changed_at, visit.known_hosts))
            is_mended = is_reloaded and known.attempted_at is not None and known.outcome not in GOOD
            if is_mended or is_due(known, night, min(trusted_at, now), now):
                found.append(name)
        return tuple(found)

    def _known(self, name: str) -> ConfigBackup:
        known = self._store.config_backups().get(name) or ConfigBackup(name, self._clock.now())
        tried = self._tried.get(name)
        return known if tried is None else replace(known, attempted_at=max(known.attempted_at or 0.0, tried))

    # --- one night ---------------------------------------------------------------------------------------------------

    async def _round(self, loaded: Loaded, due: Iterable[str]) -> None:
        settings = loaded.settings
        key = await self._wire.blocking("git", lambda: load_key(settings.state.directory / KEY_NAME))
        asked = visits(loaded.inventory, settings, key)
        wanted = {name: asked[name] for name in due}
        night = _Night(Repository(repository_of(settings)), asyncio.Semaphore(settings.backups.parallel))
        async with asyncio.TaskGroup() as group:
            for name, visit in wanted.items():
                group.create_task(self._one(night, name, visit))
        await self._keep(night)
        outcomes = [self._known(name).outcome for name in wanted]
        _log.info("configurations backed up", **{one: outcomes.count(one) for one in sorted(set(outcomes))})

    async def _one(self, night: _Night, name: str, visit: Visit) -> None:
        credential = visit.params.credential
        async with night.gate:
            at = self._tried[name] = self._clock.now()
            if night.refusals[credential] >= MOST_REFUSALS:
                await self._failed(name, at, VisitError("held_back", "not asked: others refused the same login"))
                return
            call = partial(self._wire.blocking, "ssh", partial(self._visit, visit))
            found = await attempt(call, visit.seconds + GRACE_SECONDS, name)
            if isinstance(found, Fetched):
                night.refusals[credential] = 0
            elif isinstance(found, VisitError) and found.outcome in PASSWORD_REFUSED:
                night.refusals[credential] += 1
        if isinstance(found, Failure):
            found = VisitError("internal", "an error of Ringwacht's own, see its log")
        if isinstance(found, VisitError):
            await self._failed(name, at, found)
        else:
            await self._compare(night, visit, at, found)

    def _visit(self, visit: Visit) -> Fetched | VisitError:
        """Return what came of it. In a thread."""
        try:
            return self._fetch(visit, self._stopped.is_set)
        except VisitError as error:
            return error

    async def _compare(self, night: _Night, visit: Visit, at: float, fetched: Fetched) -> None:
        name = visit.device
        try:
            call = partial(night.repository.difference, name, fetched.configuration)
            difference = await self._wire.blocking("git", call)
        except (RepositoryError, CannotCheck) as error:
            await self._failed(name, at, _not_kept(error))
            return
        text = Text(fetched, visit.form, difference, at)
        if difference:
            night.texts[name] = text
        else:
            await self._record([after(self._known(name), text)])

    async def _keep(self, night: _Night) -> None:
        """Commit what changed, and say so only then."""
        texts = night.texts
        if not texts:
            return
        kept = {name: one.fetched.configuration for name, one in texts.items()}
        call = partial(night.repository.keep, kept, _message(kept), self._clock.now())
        done = await attempt(partial(self._wire.blocking, "git", partial(_tried, call)), _COMMIT_SECONDS, "commit")
        if isinstance(done, str):
            await self._record([after(self._known(name), one, done) for name, one in texts.items()])
            return
        for name, one in texts.items():
            await self._failed(name, one.at, _not_kept(done))

    async def _failed(self, name: str, at: float, why: VisitError) -> None:
        detail, value = (clean_text(one, _LONGEST_DETAIL) for one in (why.detail, why.value))
        _log.warning("configuration not backed up", device=name, outcome=why.outcome, detail=detail)
        known = replace(self._known(name), attempted_at=at, outcome=why.outcome, detail=detail, value=value)
        await self._record([known])

    async def _record(self, kept: Iterable[ConfigBackup], gone: Iterable[str] = ()) -> None:
        try:
            await self._store.record_config_backups(tuple(kept), gone)
        except StateError as error:
            _log.warning("not noted what became of a backup", detail=str(error))


def _tried(call: Callable[[], str]) -> str | RepositoryError:
    try:
        return call()
    except RepositoryError as error:
        return error


def _not_kept(error: RepositoryError | CannotCheck | Failure) -> VisitError:
    if isinstance(error, RepositoryError):
        return VisitError("damaged" if error.damaged else "repository", str(error), error.value)
    return VisitError("repository", "the repository does not answer")


def _changed_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _message(names: Iterable[str]) -> str:
    """Return what the commit says: how many, and which."""
    listed = sorted(names)
    head = listed[0] if len(listed) == 1 else f"{len(listed)} configurations"
    return f"{head}\n\n" + "".join(f"{name}\n" for name in listed)
