"""Where everything in one lab lives: addresses, ports, files."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

# The token that the lab's Cloudflare knows from the start. It opens nothing but a lab.
CLOUDFLARE_TOKEN = "lab-cloudflare-token-that-opens-nothing-but-a-lab"  # noqa: S105


@dataclass(frozen=True, slots=True)
class LabSettings:
    """One lab. Two labs with different `net` and `dns_port` run side by side.

    Args:
        state_dir: the one folder for state, ports, certificates and logs (`.linkproof/lab`).
        net: second octet of every address of the lab, 127.<net>.x.y.
        dns_port: UDP and TCP port of every DNS server; the IPv6 server is [::1] on the same port.
        http_port: plain HTTP of edges and origins.
        https_port: TLS of edges and origins.
        api_port: the vendor APIs and the control API.
    """

    state_dir: Path
    net: int = 53
    dns_port: int = 5300
    http_port: int = 8080
    https_port: int = 8443
    api_port: int = 8090

    def address(self, third: int, fourth: int) -> str:
        return f"127.{self.net}.{third}.{fourth}"

    # DNS ---------------------------------------------------------------------------------------
    @property
    def root_servers(self) -> tuple[str, ...]:
        return (self.address(0, 1), self.address(0, 2))

    @property
    def tld_servers(self) -> tuple[str, ...]:
        return (self.address(1, 1), self.address(1, 2))

    @property
    def vendor_servers(self) -> tuple[str, ...]:
        return (self.address(2, 1), self.address(2, 2))

    @property
    def route53_servers(self) -> tuple[str, ...]:
        return tuple(self.address(3, n) for n in (1, 2, 3, 4))

    @property
    def cloudflare_servers(self) -> tuple[str, ...]:
        """The first of them also listens on [::1]."""
        return (self.address(4, 1), self.address(4, 2))

    @property
    def manual_servers(self) -> tuple[str, ...]:
        return (self.address(5, 1), self.address(5, 2))

    @property
    def resolver(self) -> str:
        return self.address(53, 53)

    # HTTP --------------------------------------------------------------------------------------
    @property
    def aws_api(self) -> str:
        return f"http://{self.address(100, 1)}:{self.api_port}"

    @property
    def cloudflare_api(self) -> str:
        """The base URL; the vendor's paths (`/client/v4/…`) follow it."""
        return f"http://{self.address(100, 2)}:{self.api_port}"

    @property
    def control_api(self) -> str:
        return f"http://{self.address(100, 9)}:{self.api_port}"

    @property
    def cloudfront_edges(self) -> tuple[str, ...]:
        return (self.address(110, 1), self.address(110, 2))

    @property
    def cloudflare_edges(self) -> tuple[str, ...]:
        return (self.address(111, 1), self.address(111, 2))

    @property
    def sendgrid_origin(self) -> str:
        return self.address(120, 1)

    @property
    def karte_origin(self) -> str:
        return self.address(121, 1)

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
