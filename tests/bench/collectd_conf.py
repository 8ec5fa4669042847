"""What collectd's snmp plugin is told: the two ways to read the same tables with it. Pure text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.columns import COLUMNS, IF_TABLE, IF_X_TABLE, ColumnOf
from tests.bench.procs import COMMUNITY

THREADS = 8
NAMED_BY = {IF_TABLE: f"{IF_TABLE}.2", IF_X_TABLE: f"{IF_X_TABLE}.1"}
PAIR, SINGLE_COUNTER, SINGLE_GAUGE = "pair", "single_derive", "single_gauge"


@dataclass(frozen=True, slots=True)
class Data:
    """One ``<Data>`` block: columns of one table that are asked for together; ``name`` is its plugin instance."""

    name: str
    type: str
    columns: tuple[ColumnOf, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """How collectd is told to read. ``bulk`` rows a GETBULK, 0 (collectd's default): GETNEXT, row by row."""

    name: str
    blocks: tuple[Data, ...]
    bulk: int = 0

    @property
    def columns(self) -> int:
        """How many columns it reads."""
        return sum(len(block.columns) for block in self.blocks)


def numeric(table: str) -> tuple[ColumnOf, ...]:
    """Return the columns of a table that collectd can hold: it knows numbers only."""
    return tuple(one for one in COLUMNS if one.table == table and one.syntax not in {"string", "address"})


def as_documented() -> Way:
    """Return the way of collectd-snmp(5): In and Out of a counter together, anything else alone, GETNEXT."""
    blocks: list[Data] = []
    for table in NAMED_BY:
        columns = {column.name: column for column in numeric(table)}
        for name, column in columns.items():
            twin = columns.get(name.replace("Out", "In"))
            if twin is not column and twin is not None:
                continue  # it came with the other direction
            out = columns.get(name.replace("In", "Out", 1))
            if out is not None and out is not column:
                blocks.append(Data(name, PAIR, (column, out)))
            else:
                blocks.append(Data(name, SINGLE_COUNTER if _counts(column) else SINGLE_GAUGE, (column,)))
    return Way("collectd, as its manual shows", tuple(blocks))


def tuned() -> Way:
    """Return the cheapest way it has: a type of one's own that holds a whole table, read by GETBULK."""
    blocks = (Data("ifTable", "if_table", numeric(IF_TABLE)), Data("ifXTable", "if_x_table", numeric(IF_X_TABLE)))
    return Way("collectd, GETBULK and a type of one's own for each table", blocks, bulk=25)


def types() -> str:
    """Return types.db, for both ways."""
    lines = [f"{PAIR} rx:DERIVE:U:U, tx:DERIVE:U:U", f"{SINGLE_COUNTER} value:DERIVE:U:U"]
    lines.append(f"{SINGLE_GAUGE} value:GAUGE:U:U")
    for block in tuned().blocks:
        sources = (f"{column.name}:{'DERIVE' if _counts(column) else 'GAUGE'}:U:U" for column in block.columns)
        lines.append(f"{block.type} {', '.join(sources)}")
    return "\n".join(lines) + "\n"


def configuration(folder: Path, way: Way, hosts: Sequence[str], port: int, seconds: float) -> str:
    """Return collectd.conf: every host is read each so many seconds, and printed as lines of text."""
    lines = [
        f'BaseDir "{folder}"\nPIDFile "{folder}/pid"\nTypesDB "{folder}/types.db"',
        f"Interval {seconds:g}\nReadThreads {THREADS}",
        'LoadPlugin csv\n<Plugin csv>\nDataDir "stdout"\nStoreRates false\n</Plugin>',
        "LoadPlugin unixsock\nLoadPlugin snmp",
        f'<Plugin unixsock>\nSocketFile "{folder}/socket"\n</Plugin>',
        "<Plugin snmp>",
        *map(_block, way.blocks),
    ]
    collect = " ".join(f'"{block.name}"' for block in way.blocks)
    lines += [
        f'<Host "sw-{index}">\nAddress "{host}:{port}"\nVersion 2\nCommunity "{COMMUNITY}"\n'
        f"BulkSize {way.bulk}\nCollect {collect}\n</Host>"
        for index, host in enumerate(hosts)
    ]
    return "\n".join([*lines, "</Plugin>"]) + "\n"


def listed(answer: str) -> Iterator[tuple[str, float]]:
    """Yield block and time of each line of an answer to LISTVAL: ``time host/plugin-block/type-instance``."""
    for line in answer.splitlines():
        at, _, identifier = line.partition(" ")
        yield identifier.split("/")[1].partition("-")[2], float(at)


def _block(block: Data) -> str:
    values = " ".join(f'".{column.oid}"' for column in block.columns)
    named_by = NAMED_BY[block.columns[0].table]
    lines = (f'Type "{block.type}"', "Table true", f'PluginInstance "{block.name}"', f'TypeInstanceOID ".{named_by}"')
    return f'<Data "{block.name}">\n' + "\n".join(lines) + f"\nValues {values}\n</Data>"


def _counts(column: ColumnOf) -> bool:
    return column.syntax in {"counter", "counter64"}
