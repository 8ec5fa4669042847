"""The school's projectors: as much of PJLink (class 1) as a monitor reads."""

from __future__ import annotations

import asyncio

from agent.demo.school import Beamer

_IDLE_SECONDS = 30.0


async def serve(beamer: Beamer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Greet one client and answer it until it leaves or says nothing for half a minute."""
    try:
        writer.write(b"PJLINK 0\r")
        while True:
            async with asyncio.timeout(_IDLE_SECONDS):
                line = await reader.readuntil(b"\r")
            writer.write(reply(line.decode("ascii", "replace").strip(), beamer).encode() + b"\r")
            await writer.drain()
    except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
        pass  # a client that went away or talks nonsense is its own affair
    finally:
        writer.close()


def reply(command: str, beamer: Beamer) -> str:
    """Return what a query is answered with; nothing can be set."""
    name, _, parameter = command.partition(" ")
    said = {
        "%1POWR": "1" if beamer.on else "0",
        "%1ERST": "000000",
        "%1LAMP": f"{beamer.lamp_hours} {int(beamer.on)}",
        "%1INPT": "31" if beamer.on else "ERR3",  # asleep: not at this time
        "%1INST": "11 31 32",
        "%1INF1": "Demo",
        "%1INF2": "Simulated projector",
        "%1INFO": "",
        "%1NAME": beamer.room,
        "%1CLSS": "1",
    }.get(name)
    if parameter != "?" or said is None:
        return f"{name[:6]}=ERR1"
    return f"{name}={said}"
