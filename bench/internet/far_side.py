"""The far end of a distant network: the whole small internet in its own namespace, at the end of a TUN device.

`python -m bench.internet.far_side SOCKET FOLDER LINKS MILLISECONDS NEAR`; each line on standard input is a JSON list, a
program that is run here, where nothing is delayed; it is answered with a JSON line.
"""

from __future__ import annotations

import json
import socket
import sys
from dataclasses import asdict
from pathlib import Path

from bench.internet.command import run
from bench.internet.far import SHAPE_PREFIX
from bench.internet.namespace import bring_up_loopback, tell
from bench.internet.plan import Shape
from bench.internet.tun import delay_in_kernel, open_tun
from bench.internet.world import route_locally, world


def serve(channel: socket.socket, folder: Path, links: int, milliseconds: float, near: str) -> None:
    bring_up_loopback()
    route_locally(f"{SHAPE_PREFIX}.0.0/16")
    descriptor = open_tun(local="", remote=f"{near}/32")
    in_kernel = delay_in_kernel(milliseconds)
    with world(folder, Shape(links, prefix=SHAPE_PREFIX)):
        socket.send_fds(channel, [b"k" if in_kernel else b"-"], [descriptor])
        for line in sys.stdin:
            tell(**asdict(run(json.loads(line))))


if __name__ == "__main__":
    number, where, how_many, delay, who = sys.argv[1:]
    serve(socket.socket(fileno=int(number)), Path(where), int(how_many), float(delay), who)
