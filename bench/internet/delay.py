"""Carries IP packets between two TUN devices, each after the same delay, and counts what it carries.

`python -m bench.internet.delay FD FD SECONDS`; each line on standard input is answered with the counts so far.
"""

from __future__ import annotations

import json
import os
import select
import sys
import time
from collections import Counter, deque

_LARGEST_PACKET = 65_536
# A distant path that loses nothing: enough for every packet that one run can have on its way.
_MOST_UNDER_WAY = 200_000
_TCP, _UDP = 6, 17
_SYN = 0x02


class Direction:
    """One way: first in, first out, for the delay is always the same."""

    def __init__(self, source: int, sink: int, delay_seconds: float) -> None:
        self._source, self._sink, self._delay_seconds = source, sink, delay_seconds
        self._under_way: deque[tuple[float, bytes]] = deque()
        self.carried = self.dropped = 0
        self.questions: Counter[str] = Counter()
        self.connections: Counter[str] = Counter()

    def take(self) -> None:
        """Everything that waits at the source."""
        while True:
            try:
                packet = os.read(self._source, _LARGEST_PACKET)
            except BlockingIOError:
                return
            if len(self._under_way) >= _MOST_UNDER_WAY:
                self.dropped += 1
                continue
            self._under_way.append((time.monotonic() + self._delay_seconds, packet))
            self._count(packet)

    def deliver(self, now: float) -> None:
        """Everything that is due."""
        under_way = self._under_way
        while under_way and under_way[0][0] <= now:
            try:
                os.write(self._sink, under_way.popleft()[1])
            except OSError:
                self.dropped += 1
            else:
                self.carried += 1

    def due(self) -> float | None:
        return self._under_way[0][0] if self._under_way else None

    def _count(self, packet: bytes) -> None:
        """Questions to port 53 by address, and connections by port: the opening SYN of each (RFC 791, RFC 9293)."""
        if packet[0] >> 4 != 4:
            return
        start = (packet[0] & 15) * 4
        port = int.from_bytes(packet[start + 2 : start + 4], "big")
        if packet[9] == _UDP and port == 53:
            self.questions[".".join(map(str, packet[16:20]))] += 1
        elif packet[9] == _TCP and packet[start + 13] & 0x12 == _SYN:
            self.connections[str(port)] += 1


def forward(near: int, far: int, delay_seconds: float) -> None:
    """Until standard input ends."""
    out, back = Direction(near, far, delay_seconds), Direction(far, near, delay_seconds)
    orders = sys.stdin.fileno()
    while True:
        dues = [due for due in (out.due(), back.due()) if due is not None]
        patience = max(min(dues) - time.monotonic(), 0) if dues else None
        ready = select.select([near, far, orders], [], [], patience)[0]
        if near in ready:
            out.take()
        if far in ready:
            back.take()
        now = time.monotonic()
        out.deliver(now)
        back.deliver(now)
        if orders in ready:
            if not os.read(orders, 4096):
                return
            _tell(out, back)


def _tell(out: Direction, back: Direction) -> None:
    counts = {
        "carried": out.carried + back.carried,
        "dropped": out.dropped + back.dropped,
        "questions": dict(out.questions),
        "connections": dict(out.connections),
        "cpu_seconds": time.process_time(),
    }
    print(json.dumps(counts), flush=True)


if __name__ == "__main__":
    forward(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
