"""The keys of `edges.<key>` that every server of one's own has."""

from __future__ import annotations

import ipaddress
from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from linkproof.contract.options import READ_WHOLE, EdgeOptions, Text
from linkproof.names import HostName, InvalidHostNameError


def _host(text: str) -> str:
    try:
        return HostName.parse(text).text
    except InvalidHostNameError as error:
        raise PydanticCustomError("host_name", "a host name: {reason}", {"reason": error.reason}) from None


def _address(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        raise PydanticCustomError("address", "an IPv4 or IPv6 address") from None


Host = Annotated[Text, AfterValidator(_host)]
Address = Annotated[Text, AfterValidator(_address)]
# They stand in a configuration as they are: nothing in them may end a word there.
Path = Annotated[str, StringConstraints(pattern=r"^/[A-Za-z0-9._/-]*(\{host\}[A-Za-z0-9._/-]*)*$")]
Challenge = Annotated[str, StringConstraints(pattern=r"^(/[A-Za-z0-9._/-]+|[0-9.]+:[0-9]{1,5})$")]
Authority = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$")]


class ServerOptions(EdgeOptions):
    """A server of one's own: its configuration is written by `linkproof server-config`, and nothing is made but records."""

    name: Annotated[Host, Field(description="The server's own name, where the click hosts' CNAMEs lead.")]
    addresses: Annotated[
        tuple[Address, ...],
        Field(
            max_length=2,
            description="Its addresses, one of each family at most: the records of `name` are then made. Without them they are somebody else's.",
        ),
    ] = ()
    ttl_seconds: Annotated[int, Field(ge=30, le=86400, description="Of those records."), READ_WHOLE] = 300
    version: Annotated[
        Text, Field(description="Of the program: a number, or whose package it is: debian-12, debian-13, newest.")
    ]
    certificate: Annotated[
        Path | None,
        Field(description="File of a link's certificate with its chain; `{host}` stands for the click host."),
    ] = None
    key: Annotated[Path | None, Field(description="File of its key, likewise.")] = None
    challenge: Annotated[
        Challenge | None,
        Field(description="Where requests to /.well-known/acme-challenge/ go: a folder, or ADDRESS:PORT."),
    ] = None
    resolvers: Annotated[tuple[Address, ...], Field(description="Name servers that it asks for its origins.")] = ()
    authorities: Annotated[
        tuple[Authority, ...], Field(min_length=1, description="CAs that sign for its links, as CAA names them.")
    ] = ("letsencrypt.org",)

    def certificate_authorities(self) -> tuple[str, ...]:
        return self.authorities


def of(edge: Any) -> ServerOptions:
    """The options of an edge that is such a server."""
    options: ServerOptions = edge.options
    return options
