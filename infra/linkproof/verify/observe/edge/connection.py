"""One connection to one address, for one handshake and one request: a socket of our own, without a transport, a protocol and tasks around it.

asyncio's streams serve any protocol for any time; for two round trips they cost more than the cryptography of the handshake.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import socket
import ssl

from linkproof.verify.observe import http1

_RECEIVE_OCTETS = 65_536
_UNDER_WAY = frozenset({errno.EINPROGRESS, errno.EAGAIN})
# In the place of the buffers of a connection that is over.
_SPENT = ssl.MemoryBIO()


class EdgeConnection:
    """A connection that is opened, used for one request, and closed.

    Args:
        address: an IP address.
        context: of TLS; None to speak in the clear.
        host: for SNI.

    Raises:
        OSError: there is no socket to be had, or no way to the address.
    """

    def __init__(self, address: str, port: int, context: ssl.SSLContext | None, host: str) -> None:
        self._loop = asyncio.get_running_loop()
        self._waiter: asyncio.Future[None] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._unsent, self._is_writing, self._is_paused = b"", False, False
        self._ended_by: Exception | None = None
        self.tls = context.wrap_bio(self._incoming, self._outgoing, server_hostname=host) if context else None
        self.reader: asyncio.StreamReader | None = None
        self.is_expired = False
        self._where = (address, port)
        self._socket = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
        self._socket.setblocking(False)
        self._number = self._socket.fileno()

    async def open(self, timeout_seconds: float) -> None:
        """Connect, and shake hands where there is a context. Its last packet leaves with the request.

        Raises:
            TimeoutError: not in time.
            EOFError: the other side closed during the handshake.
            ssl.SSLError, OSError: what else went wrong.
        """
        waiter = self._waiter = self._loop.create_future()
        self._timer = self._loop.call_later(timeout_seconds, self._expire)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        number = self._socket.connect_ex(self._where)
        if number in _UNDER_WAY:
            self._loop.add_writer(self._number, self._connected)
        elif number:
            raise OSError(number, os.strerror(number))
        else:
            self._begin()
        try:
            await waiter
        finally:
            self._timer.cancel()
            self._waiter = None
            # the future has the error, which has this frame: a circle for each connection that fails
            del waiter

    def take_answers(self, timeout_seconds: float) -> asyncio.StreamReader:
        """Where the answer comes in; after the time it has no more, and `is_expired` says so."""
        reader = self.reader = asyncio.StreamReader(limit=http1.MAX_HEADER_OCTETS, loop=self._loop)
        reader.set_transport(self)  # type: ignore[arg-type]  # of a transport it only wants reading to be paused and resumed
        self._timer = self._loop.call_later(timeout_seconds, self._expire)
        if self.tls is None:
            self._loop.add_reader(self._number, self._readable)
        else:
            self._decrypt(reader)
        if self._ended_by is not None:
            self._tell_end(reader, self._ended_by)
        return reader

    def write(self, octets: bytes) -> None:
        if self.tls is None:
            self._unsent += octets
        else:
            with contextlib.suppress(ssl.SSLError):  # it says so again to whoever reads
                self.tls.write(octets)
        self._flush()

    async def drain(self) -> None:
        """A request is shorter than any buffer."""

    def close(self) -> None:
        """Say that we are done, where the other side may still listen, and end it; nothing waits for the other side to do so."""
        if self._timer is not None:
            self._timer.cancel()
        if self._number < 0:
            return
        if self.tls is not None and self._waiter is None:
            with contextlib.suppress(OSError, ValueError):
                self.tls.unwrap()
            self._flush()
        self._loop.remove_reader(self._number)
        self._loop.remove_writer(self._number)
        self._number = -1
        self._socket.close()
        # the state of OpenSSL is large, and what refers to itself in a circle stays until somebody looks for circles
        self.tls = self.reader = self._timer = None
        self._incoming = self._outgoing = _SPENT

    def pause_reading(self) -> None:
        self._is_paused = True
        self._loop.remove_reader(self._number)

    def resume_reading(self) -> None:
        self._is_paused = False
        if self._number < 0 or self.reader is None:
            return
        if self.tls is not None:
            self._decrypt(self.reader)
        if not self._is_paused and self._ended_by is None:
            self._loop.add_reader(self._number, self._readable)

    # the loop's calls ---------------------------------------------------------------------------
    def _connected(self) -> None:
        self._loop.remove_writer(self._number)
        number = self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if number:
            self._failed(OSError(number, os.strerror(number)))
        else:
            self._begin()

    def _begin(self) -> None:
        if self.tls is None:
            self._done()
            return
        self._loop.add_reader(self._number, self._readable)
        self._shake(self.tls)

    def _readable(self) -> None:
        try:
            octets = self._socket.recv(_RECEIVE_OCTETS)
        except (BlockingIOError, InterruptedError):
            return
        except OSError as error:
            self._end(error)
            return
        if not octets:
            self._end(EOFError("the connection was closed"))
        elif self.tls is None:
            if self.reader is not None:
                self.reader.feed_data(octets)
        else:
            self._incoming.write(octets)
            if self._waiter is not None:
                self._shake(self.tls)
            elif self.reader is not None:
                self._decrypt(self.reader)

    def _shake(self, tls: ssl.SSLObject) -> None:
        try:
            tls.do_handshake()
        except ssl.SSLWantReadError:
            self._flush()
        except (ssl.SSLError, ValueError) as error:
            self._flush()  # the alert that says why
            self._failed(error)
        else:
            self._done()

    def _decrypt(self, reader: asyncio.StreamReader) -> None:
        tls = self.tls
        assert tls is not None
        try:
            while not self._is_paused:
                octets = tls.read(_RECEIVE_OCTETS)
                if not octets:
                    self._end(EOFError())
                    return
                reader.feed_data(octets)
        except ssl.SSLWantReadError:
            if self._outgoing.pending:
                self._flush()
        except ssl.SSLZeroReturnError:
            self._end(EOFError())
        except OSError as error:
            self._end(error)

    def _flush(self) -> None:
        octets = self._unsent + self._outgoing.read()
        self._unsent = b""
        if not octets or self._number < 0:
            return
        try:
            sent = self._socket.send(octets)
        except (BlockingIOError, InterruptedError):
            sent = 0
        except OSError:
            return  # whoever reads is told
        if sent < len(octets):
            self._unsent = octets[sent:]
            if not self._is_writing:
                self._is_writing = True
                self._loop.add_writer(self._number, self._writable)

    def _writable(self) -> None:
        self._is_writing = False
        self._loop.remove_writer(self._number)
        self._flush()

    def _expire(self) -> None:
        self.is_expired = True
        self._end(TimeoutError())

    def _end(self, error: Exception) -> None:
        """No more will come."""
        self._ended_by = error
        self._loop.remove_reader(self._number)
        if self._waiter is not None:
            self._failed(error)
        elif self.reader is not None:
            self._tell_end(self.reader, error)

    def _tell_end(self, reader: asyncio.StreamReader, error: Exception) -> None:
        if isinstance(error, EOFError):
            reader.feed_eof()
        else:
            # a turn later: whoever was woken by octets of this turn waits again without a look at an error that came with them (CPython 3.11)
            self._loop.call_soon(reader.set_exception, error)

    def _done(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _failed(self, error: Exception) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_exception(error)
