"""The server of Network UPS Tools beside the server room's UPS: as much of its protocol (RFC 9271) as clients read."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from agent.demo.cast import NUT_UPS
from agent.demo.world import State

_IDLE_SECONDS = 60.0
_DESCRIPTION = "Simulated UPS of the server room"
_LOGINS = 1  # the server that shuts itself down in time
_RATED_WATTS = 2000


def variables(state: State, speed: float) -> Mapping[str, str]:
    """Return what the UPS says, by NUT's names; its seconds are those of a story told ``speed`` times as fast."""
    battery = state.room_ups
    return {
        "battery.charge": f"{battery.charge * 100:.0f}",
        "battery.runtime": f"{battery.runtime / speed:.0f}",
        "battery.runtime.low": f"{battery.low / speed:.0f}",
        "device.mfr": "Demo",
        "device.model": "Simulated UPS 2000",
        "device.type": "ups",
        "input.voltage": "0.0" if state.on_battery else "231.2",
        "output.voltage": "230.0",
        "ups.load": f"{100 * battery.watts / _RATED_WATTS:.0f}",
        "ups.realpower": f"{battery.watts:.0f}",
        "ups.realpower.nominal": str(_RATED_WATTS),
        "ups.status": _status(state),
        "ups.test.result": "In progress" if state.testing else "Done and passed",
    }


def _status(state: State) -> str:
    battery = state.room_ups
    if state.on_battery:
        return "OB DISCHRG LB" if battery.runtime <= battery.low else "OB DISCHRG"
    if state.testing:
        return "OB DISCHRG CAL"
    return "OL CHRG" if battery.charge < 1 else "OL"


async def serve(
    state: Callable[[], State], speed: float, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Answer one client until it leaves or says nothing for a minute."""
    ask = partial(reply, said=lambda: variables(state(), speed))
    try:
        while True:
            async with asyncio.timeout(_IDLE_SECONDS):
                line = await reader.readline()
            if not line.endswith(b"\n"):
                break
            for answer in ask(line.decode("ascii", "replace").split()):
                writer.write(f"{answer}\n".encode())
            await writer.drain()
    except (OSError, TimeoutError, ValueError):
        pass  # a client that went away or talks nonsense is its own affair
    finally:
        writer.close()


def reply(words: list[str], said: Callable[[], Mapping[str, str]]) -> Iterator[str]:
    """Yield the lines that answer a command, split into its words."""
    match words:
        case ["LIST", "UPS"]:
            yield from ("BEGIN LIST UPS", f'UPS {NUT_UPS} "{_DESCRIPTION}"', "END LIST UPS")
        case ["LIST", "VAR", name] if name == NUT_UPS:
            yield f"BEGIN LIST VAR {name}"
            yield from (f'VAR {name} {variable} "{value}"' for variable, value in said().items())
            yield f"END LIST VAR {name}"
        case ["GET", "VAR", name, variable] if name == NUT_UPS:
            value = said().get(variable)
            yield "ERR VAR-NOT-SUPPORTED" if value is None else f'VAR {name} {variable} "{value}"'
        case ["GET", "NUMLOGINS", name] if name == NUT_UPS:
            yield f"NUMLOGINS {name} {_LOGINS}"
        case ["LIST" | "GET", _, _, *_]:
            yield "ERR UNKNOWN-UPS"
        case ["LOGOUT"]:
            yield "OK Goodbye"
        case _:
            yield "ERR UNKNOWN-COMMAND"
