"""``ringwacht whatif``: what would follow if something failed, from the files or from a running daemon."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, cast

import aiohttp
from rich.console import Console
from rich.table import Table

from agent.app.loading import StartError, prepare
from agent.contract import UnknownElement
from agent.risk.network.failure_answer import Answer, Case, answer, demand_of, ranked
from agent.risk.topology import Topology, element_of
from config.base import is_mapping
from config.errors import ConfigError, printable

ASK_SECONDS = 30.0
_LISTED = 12  # more than that is counted, not named


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


def ask_files(path: Path, question: Question) -> Answer:
    """Answer from the files: everything up, demands and capacities as declared. Raises StartError."""
    try:
        loaded = prepare(path).loaded
        topology = Topology.of(loaded.inventory, loaded.settings)
        case = Case.declared(loaded.inventory, topology).with_demand(demand_of(topology, question.demand))
        return ranked(case) if question.every else answer(case, [element_of(text) for text in question.fail])
    except (ConfigError, UnknownElement) as error:
        raise StartError(str(error)) from error


async def ask_daemon(url: str, question: Question) -> Answer:
    """Answer from the present state of the daemon at ``url``. Raises StartError."""
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
    except (aiohttp.ClientError, ValueError) as error:
        raise StartError(f"{url}: {error or 'is not the address of a daemon'}") from error
    if reply.status != 200 or not is_mapping(found):
        raise StartError(_refusal(url, found, reply.status))
    return cast("Answer", found)


def _refusal(url: str, found: object, status: int) -> str:
    said = found.get("error") if is_mapping(found) else None
    return printable(str(said)) if said else f"{url}: HTTP status {status}"


def write(found: Answer, *, as_json: bool) -> None:
    """Write an answer to standard output."""
    if as_json:
        sys.stdout.write(json.dumps(found, indent=2, ensure_ascii=False) + "\n")
    else:
        show(found, Console(width=None if sys.stdout.isatty() else 120, highlight=False))


def show(found: Answer, console: Console) -> None:
    """Write an answer for people: a sentence, a table, what is not known."""
    lines = _every(found, console) if "failures" in found else _single(found, console)
    for line in lines:
        console.print(line, markup=False)


def _single(found: Answer, console: Console) -> Iterator[str]:
    console.print(_sentence(found), markup=False)
    console.print()
    console.print(_ways_table(found))
    if any(one["utilisation"] is not None for one in found["links"].values()):
        console.print()
        console.print(_load_table(found))
    console.print()
    yield from _caveats(found)


def _sentence(found: Answer) -> str:
    cut = found["isolated_sites"]
    failed = _joined(found["fail"])
    effect = f"{_joined(cut)} {'is' if len(cut) == 1 else 'are'} cut off" if cut else "no site is cut off"
    verb = "fails" if len(found["fail"]) == 1 else "fail"
    fewer = [
        name
        for name, site in found["sites"].items()
        if site["paths"] is not None and 0 < site["paths"] < site["paths_designed"]
    ]
    rest = f"; fewer ways than designed: {_joined(fewer)}" if fewer else ""
    worst = found["worst"]
    load = f"; most loaded: {worst['link']} at {_percent(worst['utilisation'])}" if worst else ""
    return f"If {failed} {verb}: {effect}{rest}{load}."


def _ways_table(found: Answer) -> Table:
    table = Table("site", box=None, pad_edge=False)
    for heading in ("ways then", "designed", "required"):
        table.add_column(heading, justify="right")
    table.add_column("")
    for name, site in found["sites"].items():
        if site["paths"] is not None:
            figures = (site["paths"], site["paths_designed"], site["paths_required"])
            table.add_row(name, *map(str, figures), _remark(found, name, site))
    return table


def _remark(found: Answer, name: str, site: Answer) -> str:
    if f"site:{name}" in found["fail"]:
        return "fails itself"
    if name in found["isolated_before"]:
        return "cut off already"
    if name in found["isolated_sites"]:
        return "cut off"
    return "fewer than required" if site["paths"] < site["paths_required"] else ""


def _load_table(found: Answer) -> Table:
    table = Table("link", box=None, pad_edge=False)
    table.add_column("load by capacity", justify="right")
    known = [(one["utilisation"], name) for name, one in found["links"].items() if one["utilisation"] is not None]
    for ratio, name in sorted(known, key=lambda pair: -pair[0]):
        table.add_row(name, _percent(ratio))
    return table


def _every(found: Answer, console: Console) -> Iterator[str]:
    rows = found["failures"]
    cutting = [row for row in rows if row["isolated_sites"]]
    console.print(f"{len(cutting)} of {len(rows)} single failures cut sites off.", markup=False)
    console.print()
    table = Table("if this fails", "cut off", "most loaded link", "ways left where fewer", box=None, pad_edge=False)
    for row in rows:
        worst = row["worst"]
        table.add_row(
            _joined(row["fail"]),
            _counted(row["isolated_sites"]),
            f"{worst['link']} {_percent(worst['utilisation'])}" if worst else "-",
            _counted([f"{site} {count}" for site, count in row["fewer_paths"].items()]),
        )
    console.print(table)
    console.print()
    yield from _caveats(found)


def _caveats(found: Answer) -> Iterator[str]:
    """What the answer rests on and could not take into account."""
    missing = found["unknown"]
    said = (
        ("down already", found["down_before"]),
        ("state not known, taken to carry", missing["links"]),
        ("demand not known, not counted", missing["demand"]),
        ("capacity not known, load not judged", missing["capacity"]),
    )
    for text, names in said:
        if names:
            yield f"{text}: {_counted(names)}"


def _counted(names: Sequence[str]) -> str:
    if not names:
        return "-"
    more = len(names) - _LISTED
    return ", ".join(names[:_LISTED]) + (f" and {more} more" if more > 0 else "")


def _joined(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _percent(ratio: float) -> str:
    return f"{ratio * 100:.0f} %"
