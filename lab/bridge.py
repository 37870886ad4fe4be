"""Passes connections on, byte by byte: `python -m lab.bridge 127.20.0.2:443=10.0.0.5:8444 …`."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import Awaitable, Callable, Sequence

PIECE = 256 * 1024
PATIENCE = 10.0  # seconds to reach the other side

Address = tuple[str, int]


async def serve(leads: Sequence[tuple[Address, Address]]) -> None:
    """Until it is cancelled; OSError when an address is taken."""
    async with contextlib.AsyncExitStack() as stack:
        for here, there in leads:
            server = await asyncio.start_server(_passing_to(there), *here, limit=PIECE)
            await stack.enter_async_context(server)
        await asyncio.Event().wait()


def _passing_to(there: Address) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                far_reader, far_writer = await asyncio.open_connection(*there, limit=PIECE)
        except OSError:  # TimeoutError too: whoever called sees a connection that ends
            writer.close()
            return
        try:
            await asyncio.gather(_pour(reader, far_writer), _pour(far_reader, writer))
        finally:
            for end in (writer, far_writer):
                end.close()

    return handle


async def _pour(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    """All that comes from one side, then the end of it; the other direction may still have more to say."""
    try:
        while piece := await source.read(PIECE):
            target.write(piece)
            await target.drain()
        target.write_eof()
    except OSError:
        target.close()  # one side broke off: so does the other


def _address(text: str) -> Address:
    host, _, port = text.rpartition(":")
    return host, int(port)


def main(arguments: Sequence[str]) -> None:
    pairs = (argument.split("=") for argument in arguments)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve([(_address(here), _address(there)) for here, there in pairs]))


if __name__ == "__main__":
    main(sys.argv[1:])
