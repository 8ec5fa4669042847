"""``ringwacht whatif``: what would follow if something failed, from the files or from a running daemon."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import NamedTuple

import aiohttp
import uvloop
from pydantic import TypeAdapter, ValidationError
from rich.console import Console
from rich.table import Table

from agent.app.loading import StartError, prepare
from agent.contract import UnknownElement
from agent.risk.network.failure_answer import Answer, Case, Ranking, SiteAnswer, answer, demand_of, ranked
from agent.risk.topology import Topology, element_of
from config.base import is_mapping
from config.errors import ConfigError, printable

ASK_SECONDS = 30.0
_LISTED = 12  # more than that is counted, not named

_ANSWER, _RANKING = TypeAdapter(Answer), TypeAdapter(Ranking)


class Question(NamedTuple):
    """What is asked. ``fail``: ``kind:id``; ``demand``: ``site=rate``; ``every``: each single failure instead."""

    fail: tuple[str, ...] = ()
    demand: tuple[str, ...] = ()
    every: bool = False

    @classmethod
    def of(cls, fail: Sequence[str], demand: Sequence[str], *, every: bool) -> Question:
        """Return it. Raises StartError where nothing fails, or everything and something."""
        if every == bool(fail):
            raise StartError("say what fails with --fail kind:id, or --all for every single failure")
        return cls(tuple(fail), tuple(demand), every)


def ask(path: Path | None, url: str | None, question: Question) -> Answer | Ranking:
    """Answer from the files, those in this folder unless others are named, or from a daemon. Raises StartError."""
    if url is None:
        return ask_files(path or Path(), question)
    if path is not None:
        sys.stderr.write(f"{path} is not read: the daemon answers from its own files\n")
    return uvloop.run(ask_daemon(url, question))


def ask_files(path: Path, question: Question) -> Answer | Ranking:
    """Answer from the files: everything up, demands and capacities as declared. Raises StartError."""
    try:
        loaded = prepare(path).loaded
        topology = Topology.of(loaded.inventory, loaded.settings)
        case = Case.declared(loaded.inventory, topology).with_demand(demand_of(topology, question.demand))
        return ranked(case) if question.every else answer(case, [element_of(text) for text in question.fail])
    except (ConfigError, UnknownElement) as error:
        raise StartError(str(error)) from error


async def ask_daemon(url: str, question: Question) -> Answer | Ranking:
    """Answer from the present state of the daemon at ``url``. Raises StartError."""
    if not url.startswith(("http://", "https://")):
        raise StartError(f"{url}: http:// is missing, write http://{url}")
    asked = [("fail", text) for text in question.fail] + [("demand", text) for text in question.demand]
    if question.every:
        asked.append(("all", "1"))
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ASK_SECONDS)) as session,
            session.get(f"{url.rstrip('/')}/api/v1/whatif", params=asked) as reply,
        ):
            found: object = await reply.json(content_type=None)
    except TimeoutError as error:
        raise StartError(f"{url}: no answer within {ASK_SECONDS:g} s") from error
    except aiohttp.ClientError as error:
        raise StartError(f"{url}: {error or 'cannot be asked'}") from error
    except ValueError as error:
        raise StartError(f"{url}: its answer is no JSON, so that it is no daemon's address") from error
    if reply.status != 200:
        raise StartError(_refusal(url, found, reply.status))
    try:
        return (_RANKING if question.every else _ANSWER).validate_python(found)
    except ValidationError as error:
        raise StartError(f"{url}: does not answer as a daemon of this version does") from error


def _refusal(url: str, found: object, status: int) -> str:
    said = found.get("error") if is_mapping(found) else None
    return printable(str(said)) if said else f"{url}: HTTP status {status}"


def write(found: Answer | Ranking, *, as_json: bool) -> None:
    """Write an answer to standard output."""
    if as_json:
        sys.stdout.write(json.dumps(asdict(found), indent=2, ensure_ascii=False) + "\n")
    else:
        show(found, Console(width=None if sys.stdout.isatty() else 120, highlight=False))


def show(found: Answer | Ranking, console: Console) -> None:
    """Write an answer for people: a sentence, a table, what is not known."""
    parts = _single(found) if isinstance(found, Answer) else _every(found)
    for part in parts:
        console.print(part, markup=False)
        console.print()
    for line in _caveats(found):
        console.print(line, markup=False)


def _single(found: Answer) -> Iterator[str | Table]:
    yield _sentence(found)
    yield _ways_table(found)
    known = [(one.utilisation, name) for name, one in found.links.items() if one.utilisation is not None]
    if known:
        yield _load_table(known)


def _sentence(found: Answer) -> str:
    verb = "fails" if len(found.fail) == 1 else "fail"
    return f"If {_joined(found.fail)} {verb}: {'; '.join(_effects(found))}."


def _effects(found: Answer) -> Iterator[str]:
    cut = found.isolated_sites
    if cut:
        yield f"{_joined(cut)} {'is' if len(cut) == 1 else 'are'} cut off"
    else:
        yield f"no {_unless(found)}site is cut off"
    if found.isolated_before:
        yield f"cut off already: {_joined(found.isolated_before)}"
    fewer = [name for name, site in found.sites.items() if site.paths and site.paths < (site.paths_designed or 0)]
    if fewer:
        yield f"fewer ways than designed: {_joined(fewer)}"
    if found.worst:
        yield f"most loaded: {found.worst.link} at {_percent(found.worst.utilisation)}"


def _unless(found: Answer | Ranking) -> str:
    """Return which sites are spoken of, where that is not all of them: nothing is said of those not judged."""
    return ("further " if found.isolated_before else "") + ("judged " if found.unknown.needs else "")


def _ways_table(found: Answer) -> Table:
    table = Table("site", box=None, pad_edge=False)
    for heading in ("ways then", "designed", "required"):
        table.add_column(heading, justify="right")
    table.add_column("")
    for name, site in found.sites.items():
        if site.paths is not None:
            figures = (site.paths, site.paths_designed, site.paths_required)
            table.add_row(name, *map(str, figures), _remark(found, name, site))
    return table


def _remark(found: Answer, name: str, site: SiteAnswer) -> str:
    if f"site:{name}" in found.fail:
        return "fails itself"
    if name in found.isolated_before:
        return "cut off already"
    if name in found.isolated_sites:
        return "cut off"
    return "fewer than required" if (site.paths or 0) < site.paths_required else ""


def _load_table(known: Sequence[tuple[float, str]]) -> Table:
    table = Table("link", box=None, pad_edge=False)
    table.add_column("load by capacity", justify="right")
    for ratio, name in sorted(known, key=lambda pair: -pair[0]):
        table.add_row(name, _percent(ratio))
    return table


def _every(found: Ranking) -> Iterator[str | Table]:
    cutting = sum(bool(row.isolated_sites) for row in found.failures)
    before = f"; cut off already: {_joined(found.isolated_before)}" if found.isolated_before else ""
    yield f"{cutting} of {len(found.failures)} single failures cut {_unless(found)}sites off{before}."
    table = Table("if this fails", "cut off", "most loaded link", "ways left where fewer", box=None, pad_edge=False)
    for row in found.failures:
        table.add_row(
            _joined(row.fail),
            _counted(row.isolated_sites),
            f"{row.worst.link} {_percent(row.worst.utilisation)}" if row.worst else "-",
            _counted([f"{site} {count}" for site, count in row.fewer_paths.items()]),
        )
    yield table


def _caveats(found: Answer | Ranking) -> Iterator[str]:
    """What the answer rests on and could not take into account."""
    missing = found.unknown
    said = (
        ("down already", found.down_before),
        ("not judged, no declared way leads to what it needs", _with_needs(missing.needs)),
        ("state not known, taken to carry", missing.links),
        ("demand not known, not counted", missing.demand),
        ("capacity not known, load not judged", missing.capacity),
    )
    for text, names in said:
        if names:
            yield f"{text}: {_counted(names)}"


def _with_needs(needs: Mapping[str, Sequence[str]]) -> list[str]:
    return [f"{site} (needs {_joined(own)})" for site, own in needs.items()]


def _counted(names: Sequence[str]) -> str:
    if not names:
        return "-"
    more = len(names) - _LISTED
    return ", ".join(names[:_LISTED]) + (f" and {more} more" if more > 0 else "")


def _joined(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _percent(ratio: float) -> str:
    return f"{ratio * 100:.0f} %"
