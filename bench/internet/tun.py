"""A TUN device: what the kernel routes into it, a program reads (Documentation/networking/tuntap.rst)."""

from __future__ import annotations

import fcntl
import os
import struct
import subprocess

from bench.internet.namespace import CannotMeasureError

NAME = "far0"
_TUNSETIFF = 0x400454CA
_IFF_TUN, _IFF_NO_PI = 0x0001, 0x1000
# The default of 500 packets drops what thousands of links send at once.
_QUEUE_PACKETS = 20_000


def open_tun(*, local: str, remote: str) -> int:
    """Make the device in this network namespace and route to the other side through it.

    Args:
        local: address of this side, for its own packets; empty for a side whose addresses are routed already.
        remote: the other side's network.

    Raises:
        CannotMeasureError: the kernel has no TUN devices, or does not let us have one.
    """
    try:
        descriptor = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(descriptor, _TUNSETIFF, struct.pack("16sH22x", NAME.encode(), _IFF_TUN | _IFF_NO_PI))
    except OSError as error:
        raise CannotMeasureError(f"/dev/net/tun: {error.strerror}: a distant network needs a TUN device") from error
    _ip("link", "set", NAME, "txqueuelen", str(_QUEUE_PACKETS), "up")
    if local:
        _ip("addr", "add", f"{local}/32", "dev", NAME)
    _ip("route", "add", remote, "dev", NAME)
    return descriptor


def delay_in_kernel(milliseconds: float) -> bool:
    """Let netem delay what leaves by the device; False where the kernel has no netem."""
    command = ["tc", "qdisc", "replace", "dev", NAME, "root", "netem", "delay", f"{milliseconds}ms", "limit", "100000"]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True)
