"""What one TLS handshake costs: a connection, the handshake and the end of it, one after the other.

`python -m bench.handshake ADDRESS HOST CA`; prints the median seconds, and the seconds of CPU at this end.
"""

from __future__ import annotations

import socket
import ssl
import statistics
import sys
import time

HANDSHAKES = 300


def seconds_of_one(address: str, host: str, ca: str) -> tuple[float, float]:
    """With no round trip in it, the first is the work of both ends, which is what a busy run has to pay."""
    context = ssl.create_default_context(cafile=ca)
    taken, used = [], []
    for _ in range(HANDSHAKES):
        started, before = time.perf_counter(), time.process_time()
        with socket.create_connection((address, 443), timeout=10) as plain:
            context.wrap_socket(plain, server_hostname=host).close()
        taken.append(time.perf_counter() - started)
        used.append(time.process_time() - before)
    return statistics.median(taken), statistics.median(used)


if __name__ == "__main__":
    print(*seconds_of_one(*sys.argv[1:]))
