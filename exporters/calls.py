"""One HTTP call to somebody else."""

from __future__ import annotations

from collections.abc import Container
from contextlib import AbstractAsyncContextManager

import aiohttp


async def problem_of(
    call: AbstractAsyncContextManager[aiohttp.ClientResponse], good: Container[int], seconds: float
) -> str | None:
    """Make the call; return None where its status is ``good``, else what went wrong.

    Without the URL, which may hold a password. ``seconds``: what the session waits at most, for the text.
    """
    try:
        async with call as answer:
            return None if answer.status in good else f"HTTP status {answer.status}"
    except TimeoutError:
        return f"no answer within {seconds:g} s"
    except aiohttp.ClientConnectorError as error:
        return error.strerror or type(error).__name__
    except (aiohttp.ClientError, OSError, ValueError) as error:
        return type(error).__name__
