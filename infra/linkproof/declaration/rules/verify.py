"""Rules about the verifier's defaults."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from typing import Final

from linkproof.contract.rules import Fault
from linkproof.declaration.rules.registry import rule
from linkproof.declaration.rules.view import View
from linkproof.show import show

_URL: Final = re.compile(r"(tls|https)://[^\s/@]+(/\S*)?")
_PORT: Final = re.compile(r"(?P<address>\[[0-9A-Fa-f:.]+\]|[0-9.]+):(?P<port>[1-9][0-9]{0,4})")


@rule("verify.resolver", because="a resolver is asked by address: its own name would have to be resolved first")
def resolver(view: View) -> Iterator[Fault]:
    for number, text in enumerate(view.declaration.verify.resolvers):
        if not _is_resolver(text):
            message = f"{show(text)} is not ADDR[:PORT], tls://… or https://…"
            yield Fault(f"verify.resolvers.{number}", message, "for example 9.9.9.9, [2620:fe::fe]:53 or tls://9.9.9.9")


def _is_resolver(text: str) -> bool:
    if _URL.fullmatch(text):
        return True
    with_port = _PORT.fullmatch(text)
    if with_port and int(with_port["port"]) > 65535:
        return False
    address = with_port["address"] if with_port else text
    try:
        ipaddress.ip_address(address.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return True
