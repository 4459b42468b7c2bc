"""Names and addresses of the small internet, and what `linkproof verify` must find there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

CUSTOMER, VENDOR, SENDER = "example.com", "cloudfront.net", "sendgrid.net"
OWNER_HOST = f"1234567.{CUSTOMER}"
TTL_SECONDS = 300
NEGATIVE_TTL_SECONDS = 60
CA_NAME = "amazon.com"


@dataclass(frozen=True, slots=True)
class Shape:
    """How large the internet is.

    Args:
        links: click hosts.
        servers: addresses that serve the customers' zones, each a server of its own.
        resolvers: addresses of the resolver.
        edges: addresses of the edge; every link stands at one of them.
        prefix: first two octets of every address.
        zones: customers, each with a zone; the links are spread over them.
    """

    links: int
    servers: int = 4
    resolvers: int = 1
    edges: int = 8
    prefix: str = "127.53"
    zones: int = 1

    def customers(self) -> list[str]:
        return [CUSTOMER, *(f"brand{number}.com" for number in range(1, self.zones))]

    def customer_of(self, link: int) -> str:
        return self.customers()[link % self.zones]

    def host_of(self, link: int) -> str:
        return f"url{link}.{self.customer_of(link)}"

    def roots(self) -> list[str]:
        return [f"{self.prefix}.1.{number}" for number in (1, 2)]

    def top_levels(self) -> list[str]:
        return [f"{self.prefix}.2.{number}" for number in (1, 2)]

    def customer_servers(self) -> list[str]:
        return [f"{self.prefix}.3.{number}" for number in range(1, self.servers + 1)]

    def vendor_servers(self) -> list[str]:
        return [f"{self.prefix}.4.{number}" for number in (1, 2, 3, 4)]

    def resolver_addresses(self) -> list[str]:
        return [f"{self.prefix}.5.{number}" for number in range(1, self.resolvers + 1)]

    def edge_addresses(self) -> list[str]:
        return [f"{self.prefix}.6.{number}" for number in range(1, self.edges + 1)]

    def sender_address(self) -> str:
        return f"{self.prefix}.7.1"


def click_host(number: int) -> str:
    return f"url{number}.{CUSTOMER}"


def target(number: int) -> str:
    """Each link has a distribution of its own, as at CloudFront."""
    return f"d{number:013x}.{VENDOR}"


def zones(shape: Shape) -> dict[str, str]:
    """Zone name → zone file."""
    roots = _zone(".", "root-servers.test.", shape.roots()) + "".join(
        _delegation(f"{name}.", f"gtld.{name}.", shape.top_levels()) for name in ("com", "net")
    )
    com = _zone("com.", "gtld.com.", shape.top_levels()) + "".join(
        _delegation(f"{name}.", f"{name}.", shape.customer_servers()) for name in shape.customers()
    )
    net = _zone("net.", "gtld.net.", shape.top_levels()) + "".join(
        _delegation(f"{name}.", f"{name}.", shape.vendor_servers()) for name in (VENDOR, SENDER)
    )
    customers = {
        name: [_zone(f"{name}.", f"{name}.", shape.customer_servers()), f'{name}. CAA 0 issue "{CA_NAME}"\n']
        for name in shape.customers()
    }
    customers[CUSTOMER].append(f"{OWNER_HOST}. CNAME {SENDER}.\n")
    for number in range(shape.links):
        customers[shape.customer_of(number)].append(f"{shape.host_of(number)}. CNAME {target(number)}.\n")
    edges = shape.edge_addresses()
    vendor = _zone(f"{VENDOR}.", f"{VENDOR}.", shape.vendor_servers())
    vendor += "".join(f"{target(number)}. A {edges[number % len(edges)]}\n" for number in range(shape.links))
    sender = _zone(f"{SENDER}.", f"{SENDER}.", shape.vendor_servers()) + f"{SENDER}. A {shape.sender_address()}\n"
    return {
        ".": roots,
        "com.": com,
        "net.": net,
        **{f"{name}.": "".join(lines) for name, lines in customers.items()},
        f"{VENDOR}.": vendor,
        f"{SENDER}.": sender,
    }


def hints(shape: Shape) -> str:
    return _name_servers(".", "root-servers.test.", shape.roots())


def expectations(shape: Shape, *, with_endpoints: bool = True) -> dict[str, Any]:
    """What `linkproof expectations` writes for these links: live at CloudFront, sender SendGrid, one owner host.

    Args:
        with_endpoints: also the CAA, TLS and HTTP of each link; else DNS records alone.
    """
    records = [_record("owner", OWNER_HOST, SENDER)]
    records += [_record(f"link{number}/click", shape.host_of(number), target(number)) for number in range(shape.links)]
    tree: dict[str, Any] = {
        "version": 1,
        "stack": "bench",
        "zones": [{"id": f"zone/{name}", "path": f"zones.{name}", "name": f"{name}."} for name in shape.customers()],
        "records": records,
        "caa": [],
        "endpoints": [],
    }
    if with_endpoints:
        numbers = range(shape.links)
        tree["caa"] = [
            {"id": f"link{number}/caa", "host": shape.host_of(number), "cas": [CA_NAME]} for number in numbers
        ]
        tree["endpoints"] = [
            {
                "id": f"link{number}/edge",
                "path": f"links.link{number}",
                "host": shape.host_of(number),
                "edge": "cloudfront",
                "sender": "sendgrid",
                "phase": "live",
                "hsts_parents": [shape.customer_of(number)],
            }
            for number in numbers
        ]
    return tree


def _record(record_id: str, name: str, value: str) -> dict[str, Any]:
    return {"id": record_id, "name": f"{name}.", "type": "CNAME", "values": [f"{value}."], "ttl_seconds": TTL_SECONDS}


def _zone(name: str, host: str, addresses: list[str]) -> str:
    soa = f"{name} SOA ns1.{host} hostmaster.{host} 1 7200 900 1209600 {NEGATIVE_TTL_SECONDS}\n"
    return f"$TTL {TTL_SECONDS}\n{soa}{_name_servers(name, host, addresses)}"


def _delegation(name: str, host: str, addresses: list[str]) -> str:
    return _name_servers(name, host, addresses)


def _name_servers(name: str, host: str, addresses: list[str]) -> str:
    return "".join(
        f"{name} {TTL_SECONDS} IN NS ns{number}.{host}\nns{number}.{host} {TTL_SECONDS} IN A {address}\n"
        for number, address in enumerate(addresses, 1)
    )
