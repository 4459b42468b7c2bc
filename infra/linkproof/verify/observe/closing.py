"""End a connection for certain, whatever the other side does: a loop that is closed before cannot end it any more."""

from __future__ import annotations

import asyncio

# For the other side to close as well; then the connection is cut.
_SECONDS = 0.5


async def close_connection(writer: asyncio.StreamWriter) -> None:
    """Close, and cut off what does not close in time. Never raises for what the other side does."""
    writer.close()
    try:
        await asyncio.wait_for(writer.wait_closed(), _SECONDS)
    except (OSError, TimeoutError, EOFError):
        writer.transport.abort()
        await asyncio.sleep(0)
