"""From the words of a command to what a run needs."""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from linkproof import registry
from linkproof.conformance.client.front import Front
from linkproof.conformance.errors import InvalidListenerError, UnreachableEdgeError
from linkproof.conformance.origin.identity import context_of, nobodys
from linkproof.conformance.origin.server import RecordingOrigin
from linkproof.conformance.requirements.all import BY_ID
from linkproof.errors import LinkproofError
from linkproof.names import HostName
from linkproof.show import did_you_mean, show

if TYPE_CHECKING:
    from linkproof.contract.needs import EdgeNeeds
    from linkproof.verify.marks import Probe

_LISTENER = re.compile(r"(?:\[([0-9a-fA-F:]+)\]|([0-9.]+)):(\d{1,5})")


def known(ids: Collection[str]) -> None:
    """Raises:
    LinkproofError: one of them is no requirement's.
    """
    for one in ids:
        if one not in BY_ID:
            raise LinkproofError(f"{show(one)} is no requirement", did_you_mean(one, BY_ID))


def needs_of(sender: str | None) -> EdgeNeeds | None:
    """Raises:
    LinkproofError: there is no such sender.
    """
    if sender is None:
        return None
    if sender not in registry.SENDERS:
        raise LinkproofError(f"{show(sender)} is no sender", did_you_mean(sender, registry.SENDERS))
    from linkproof.contract.declared import Sender

    plugin = registry.sender(sender)
    region = plugin.plan.targets()[0][1]
    options = plugin.options.model_validate({"provider": sender, "region": region})
    return plugin.plan.edge_needs(Sender(sender, sender, "", options=options))


def probe_of(sender: str | None) -> Probe | None:
    """The one request that is safe at this sender; None without a sender, or where there is none."""
    from linkproof.verify.marks import sender_answers

    return None if sender is None else sender_answers(sender).probe


async def start_origin(listen: Sequence[str], certificate: Path | None, key: Path | None) -> RecordingOrigin:
    """Raises:
    InvalidListenerError: no address and port, or not free.
    InvalidIdentityError: certificate and key cannot be used.
    """
    right = wrong = None
    if certificate is not None and key is not None:
        right, wrong = context_of(certificate, key), nobodys(certificate)
    origin = RecordingOrigin(right, wrong)
    for text in listen:
        match = _LISTENER.fullmatch(text)
        if match is None or int(match[3]) > 65535:
            raise InvalidListenerError(text, "no address with a port")
        try:
            await origin.listen(match[1] or match[2], int(match[3]))
        except (OSError, ValueError) as error:
            await origin.stop()
            raise InvalidListenerError(text, str(error)) from error
    return origin


async def front_of(
    host: str,
    connect: Sequence[str] | None,
    http_port: int | None,
    https_port: int | None,
    ca: Path | None,
    at: str = "",
) -> Front:
    """Args:
        at: name or address where the host is asked without `connect`; empty for its own.

    Raises:
        LinkproofError: no host name, no address, or the name resolves to none.
    """
    name = HostName.parse(host).text
    addresses = [_address(text) for text in connect or ()] or await _resolved(at or name, https_port or 443)
    addresses.sort(key=lambda text: ":" in text)
    return Front(name, tuple(addresses), http_port or 80, https_port or 443, ca)


def _address(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError as error:
        raise LinkproofError(
            f"--connect {show(text)} is no address", "give an IPv4 or IPv6 address of the edge"
        ) from error


async def _resolved(name: str, port: int) -> list[str]:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(name, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise UnreachableEdgeError(name, str(error.strerror or error)) from error
    return list(dict.fromkeys(str(one[4][0]) for one in found))
