"""Where everything in one lab lives: addresses, ports, files."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from linkproof_lab.service import (
    CONTROL_API,
    RESOLVER,
    ROOT_SERVERS,
    TLD_SERVERS,
    VENDOR_SERVERS,
    Octets,
    ServiceError,
    service,
)


@dataclass(frozen=True, slots=True)
class LabSettings:
    """One lab. Two labs with different `net` and `dns_port` run side by side.

    Args:
        state_dir: the one folder for state, ports, certificates and logs (`.linkproof/lab`).
        net: second octet of every address of the lab, 127.<net>.x.y.
        dns_port: UDP and TCP port of every DNS server; the IPv6 server is [::1] on the same port.
        http_port: plain HTTP of edges and origins.
        https_port: TLS of edges and origins.
        api_port: the services' APIs and the control API.
    """

    state_dir: Path
    net: int = 53
    dns_port: int = 5300
    http_port: int = 8080
    https_port: int = 8443
    api_port: int = 8090

    def address(self, third: int, fourth: int) -> str:
        return f"127.{self.net}.{third}.{fourth}"

    def addresses(self, octets: Iterable[Octets]) -> tuple[str, ...]:
        return tuple(self.address(*at) for at in octets)

    # DNS ---------------------------------------------------------------------------------------
    @property
    def root_servers(self) -> tuple[str, ...]:
        return self.addresses(ROOT_SERVERS)

    @property
    def tld_servers(self) -> tuple[str, ...]:
        return self.addresses(TLD_SERVERS)

    @property
    def vendor_servers(self) -> tuple[str, ...]:
        return self.addresses(VENDOR_SERVERS)

    def server_addresses(self, dns_host: str) -> tuple[str, ...]:
        """Of the servers of a DNS host's zones."""
        return self.addresses(server.at for server in service(f"dns/{dns_host}").facts.servers)

    @property
    def resolver(self) -> str:
        return self.address(*RESOLVER)

    # HTTP --------------------------------------------------------------------------------------
    def api_url(self, key: str) -> str:
        """Where a service's API is (`vendors/aws`); the vendor's own paths follow it."""
        at = service(key).facts.api
        if at is None:
            raise ServiceError(f"{key} has no API of its own", "name the service that has the address")
        return f"http://{self.address(*at)}:{self.api_port}"

    @property
    def control_api(self) -> str:
        return f"http://{self.address(*CONTROL_API)}:{self.api_port}"

    def edge_addresses(self, edge: str) -> tuple[str, ...]:
        return self.addresses(service(f"edges/{edge}").facts.edges)

    def origin_addresses(self, sender: str) -> tuple[str, ...]:
        return self.addresses(service(f"senders/{sender}").facts.origins)

    # files -------------------------------------------------------------------------------------
    @property
    def database(self) -> Path:
        return self.state_dir / "lab.db"

    @property
    def ca_file(self) -> Path:
        """The public CA of this small internet, PEM."""
        return self.state_dir / "ca.pem"

    @property
    def ca_key_file(self) -> Path:
        return self.state_dir / "ca-key.pem"

    @property
    def hints_file(self) -> Path:
        """Root hints in the usual zone-file form."""
        return self.state_dir / "root.hints"

    @property
    def pulumi_home(self) -> Path:
        """The only PULUMI_HOME in which the stand-in providers are installed."""
        return self.state_dir / "pulumi-home"

    @property
    def settings_file(self) -> Path:
        return self.state_dir / "lab.json"

    @property
    def pid_file(self) -> Path:
        return self.state_dir / "lab.pid"

    @property
    def log_file(self) -> Path:
        return self.state_dir / "lab.log"

    @property
    def buckets(self) -> Path:
        """What stands in buckets, a folder for each; and what streams of accounts outside the lab were sent, likewise."""
        return self.state_dir / "buckets"

    @property
    def request_log(self) -> Path:
        """Every request that the APIs were sent, one line of JSON each."""
        return self.state_dir / "requests.log"

    def save(self) -> None:
        self.state_dir.mkdir(parents=True, exist_ok=True)
        self.settings_file.write_text(json.dumps({**asdict(self), "state_dir": str(self.state_dir)}, indent=1) + "\n")

    @classmethod
    def load(cls, state_dir: Path) -> LabSettings:
        """The settings a lab was started with, or the defaults for a folder that has none yet."""
        file = state_dir / "lab.json"
        if not file.exists():
            return cls(state_dir)
        return cls(**{**json.loads(file.read_text()), "state_dir": state_dir})
