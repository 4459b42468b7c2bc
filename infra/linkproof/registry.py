"""The plug-ins by name: plain dicts to folders, nothing scans. A plug-in is its folder and one line here.

The files of a folder have the same names everywhere (see the protocols in `linkproof.contract`), and one that is absent
means that the ability is absent. Nothing is imported before it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, cached_property
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from linkproof.errors import LinkproofError

if TYPE_CHECKING:
    from linkproof.contract.adopt import PluginAdopt
    from linkproof.contract.build import DnsComponent, EdgeComponent
    from linkproof.contract.challenge import DnsChallenge
    from linkproof.contract.dns import DnsFacts, DnsPlan, DnsState
    from linkproof.contract.drift import DnsTwins, PluginDrift
    from linkproof.contract.edge import EdgeFacts, EdgePlan, EdgeRules, EdgeState, EdgeTogether
    from linkproof.contract.facts import Facts
    from linkproof.contract.find import Finders
    from linkproof.contract.guard import PluginGuard
    from linkproof.contract.options import Form
    from linkproof.contract.ready import EdgeReady
    from linkproof.contract.requests import EdgeRequests
    from linkproof.contract.seen import DnsDiscover, SenderDiscover, TerraformReaders
    from linkproof.contract.sender import SenderFacts, SenderPlan, SenderRules, SenderState, TrackingPlan
    from linkproof.contract.server import ServerPlugin
    from linkproof.contract.support import SenderSupport
    from linkproof.contract.vendor import VendorAccount, VendorClient, VendorProvider

EDGES: Final = {
    "cloudfront": "linkproof.edges.cloudfront",
    "cloudflare": "linkproof.edges.cloudflare",
    "managed": "linkproof.edges.managed",
    "azure": "linkproof.edges.azure",
    "fastly": "linkproof.edges.fastly",
    "gcp": "linkproof.edges.gcp",
    "keycdn": "linkproof.edges.keycdn",
    "nginx": "linkproof.edges.nginx",
    "haproxy": "linkproof.edges.haproxy",
    "caddy": "linkproof.edges.caddy",
    "apache": "linkproof.edges.apache",
    "traefik": "linkproof.edges.traefik",
    "envoy": "linkproof.edges.envoy",
    "varnish": "linkproof.edges.varnish",
    "lighttpd": "linkproof.edges.lighttpd",
    "h2o": "linkproof.edges.h2o",
}
SENDERS: Final = {
    "sendgrid": "linkproof.senders.sendgrid",
    "sparkpost": "linkproof.senders.sparkpost",
    "ses": "linkproof.senders.ses",
}
TRACKING: Final = {"karte": "linkproof.senders.karte"}
DNS: Final = {
    "cloudflare": "linkproof.dns.cloudflare",
    "route53": "linkproof.dns.route53",
    "rfc2136": "linkproof.dns.rfc2136",
    "gcp": "linkproof.dns.gcp",
    "azure": "linkproof.dns.azure",
    "manual": "linkproof.dns.manual",
}
# Vendors whose accounts several plug-ins share. A plug-in that is its own vendor has the files of one in its own folder.
VENDORS: Final = {
    "aws": "linkproof.vendors.aws",
    "cloudflare": "linkproof.vendors.cloudflare",
    "gcp": "linkproof.vendors.gcp",
    "azure": "linkproof.vendors.azure",
}


class UnknownPluginError(LinkproofError):
    """No plug-in has this name: the expectations or the state were written by another version."""

    def __init__(self, kind: str, name: str, known: Iterator[str] | list[str]) -> None:
        super().__init__(
            f"no {kind} {name!r} is known here; there are {', '.join(known)}", "use the version that wrote it"
        )


class Plugin:
    """One folder.

    Args:
        name: as the declaration says it.
        module: the folder's, as Python imports it.
    """

    def __init__(self, name: str, module: str) -> None:
        self.name = name
        self.module = module

    @cached_property
    def folder(self) -> Path:
        spec = find_spec(self.module)
        if spec is None or not spec.submodule_search_locations:
            raise LinkproofError(
                f"plug-in {self.name}: there is no folder {self.module}", "correct linkproof/registry.py"
            )
        return Path(next(iter(spec.submodule_search_locations)))

    def has(self, file: str) -> bool:
        """Whether the folder has this file, and so the plug-in this ability."""
        return (self.folder / file).is_file()

    def _load(self, file: str) -> Any:
        return import_module(f"{self.module}.{file}")

    @property
    def is_complete(self) -> bool:
        """Whether it can be declared; a folder with `answers.yaml` alone is only recognised by what it answers."""
        return self.has("plan.py")

    @cached_property
    def facts(self) -> Facts:
        return cast("Facts", self._load("facts"))

    @property
    def find(self) -> Finders | None:
        return cast("Finders", self._load("find")) if self.has("find.py") else None

    @property
    def adopt(self) -> PluginAdopt | None:
        return cast("PluginAdopt", self._load("adopt")) if self.has("adopt.py") else None

    @property
    def drift(self) -> PluginDrift | None:
        """What of its resources changes or is spelled otherwise and is no drift."""
        return cast("PluginDrift", self._load("drift")) if self.has("drift.py") else None

    @property
    def guard(self) -> PluginGuard | None:
        return cast("PluginGuard", self._load("guard")) if self.has("guard.py") else None

    @property
    def terraform(self) -> TerraformReaders | None:
        """Reads its resources out of the state of Terraform and OpenTofu."""
        return cast("TerraformReaders", self._load("terraform")) if self.has("terraform.py") else None

    @property
    def options(self) -> type[Form]:
        """The form of its own keys in the declaration."""
        return cast("type[Form]", self._load("options").Options)


class EdgePlugin(Plugin):
    """Who terminates HTTPS."""

    @cached_property
    def facts(self) -> EdgeFacts:
        return cast("EdgeFacts", self._load("facts"))

    @cached_property
    def plan(self) -> EdgePlan:
        return cast("EdgePlan", self._load("plan"))

    @property
    def rules(self) -> EdgeRules | None:
        return cast("EdgeRules", self._load("rules")) if self.has("rules.py") else None

    @property
    def together(self) -> EdgeTogether | None:
        """Its rules over several declarations."""
        return cast("EdgeTogether", self._load("together")) if self.has("together.py") else None

    @property
    def ready(self) -> EdgeReady | None:
        """Reads at the vendor what nobody outside can ask before clicks are led to the edge; None where it can be asked."""
        return cast("EdgeReady", self._load("ready")) if self.has("ready.py") else None

    @property
    def requests(self) -> EdgeRequests | None:
        """Asks its vendor how many requests came for one click host; None where nobody counts those apart."""
        return cast("EdgeRequests", self._load("requests")) if self.has("requests.py") else None

    @cached_property
    def server(self) -> ServerPlugin | None:
        """Renders the configuration of one's own server; None where the edge is somebody's service."""
        return cast("ServerPlugin", self._load("server")) if self.has("server.py") else None

    @cached_property
    def state(self) -> EdgeState | None:
        return cast("EdgeState", self._load("state")) if self.has("state.py") else None

    @property
    def component(self) -> EdgeComponent | None:
        return cast("EdgeComponent", self._load("component")) if self.has("component.py") else None


class _Making(Plugin):
    """A service at which objects may be made beside its records."""

    @cached_property
    def state(self) -> SenderState | None:
        """None where nothing is made beside records."""
        return cast("SenderState", self._load("state")) if self.has("state.py") else None

    @property
    def component(self) -> EdgeComponent | None:
        return cast("EdgeComponent", self._load("component")) if self.has("component.py") else None


class SenderPlugin(_Making):
    """Who writes the links."""

    @cached_property
    def facts(self) -> SenderFacts:
        return cast("SenderFacts", self._load("facts"))

    @cached_property
    def plan(self) -> SenderPlan:
        return cast("SenderPlan", self._load("plan"))

    @property
    def rules(self) -> SenderRules | None:
        return cast("SenderRules", self._load("rules")) if self.has("rules.py") else None

    @property
    def support(self) -> SenderSupport | None:
        """What only the sender's support does; None where nothing is asked of it."""
        return cast("SenderSupport", self._load("support")) if self.has("support.py") else None

    @property
    def discover(self) -> SenderDiscover | None:
        """None where the sender has no owner hosts."""
        return cast("SenderDiscover", self._load("discover")) if self.has("discover.py") else None


class TrackingPlugin(_Making):
    """Who measures a web site under the customer's own host."""

    @cached_property
    def facts(self) -> SenderFacts:
        return cast("SenderFacts", self._load("facts"))

    @cached_property
    def plan(self) -> TrackingPlan:
        return cast("TrackingPlan", self._load("plan"))


class DnsPlugin(Plugin):
    """Who serves a zone."""

    @cached_property
    def facts(self) -> DnsFacts:
        return cast("DnsFacts", self._load("facts"))

    @cached_property
    def plan(self) -> DnsPlan:
        return cast("DnsPlan", self._load("plan"))

    @cached_property
    def state(self) -> DnsState | None:
        return cast("DnsState", self._load("state")) if self.has("state.py") else None

    @cached_property
    def component(self) -> DnsComponent | None:
        """None where people write the records."""
        return cast("DnsComponent", self._load("component")) if self.has("component.py") else None

    @property
    def discover(self) -> DnsDiscover | None:
        """Reads the zones that exist there; None where there is nobody to ask."""
        return cast("DnsDiscover", self._load("discover")) if self.has("discover.py") else None

    @property
    def twins(self) -> DnsTwins | None:
        """Finds other zones of a zone's name; None where there is nobody to ask, or where the host lets nobody make one."""
        return cast("DnsTwins", self._load("twins")) if self.has("twins.py") else None

    @property
    def challenge(self) -> DnsChallenge | None:
        """Answers a CA's challenge in its zones; None where people write their records."""
        return cast("DnsChallenge", self._load("challenge")) if self.has("challenge.py") else None

    @cached_property
    def is_by_hand(self) -> bool:
        """People write the records: nobody here may."""
        return not self.has("component.py")


class Vendor(Plugin):
    """Whose accounts plug-ins use."""

    @cached_property
    def account(self) -> VendorAccount:
        return cast("VendorAccount", self._load("account"))

    @property
    def provider(self) -> VendorProvider:
        return cast("VendorProvider", self._load("provider"))

    @property
    def client(self) -> VendorClient:
        return cast("VendorClient", self._load("client"))


@cache
def edge(name: str) -> EdgePlugin:
    """Raises:
    UnknownPluginError: there is none of that name.
    """
    return EdgePlugin(name, _module(EDGES, "edge", name))


@cache
def sender(name: str) -> SenderPlugin:
    """Raises:
    UnknownPluginError: there is none of that name.
    """
    return SenderPlugin(name, _module(SENDERS, "sender", name))


@cache
def tracking(name: str) -> TrackingPlugin:
    """Raises:
    UnknownPluginError: there is none of that name.
    """
    return TrackingPlugin(name, _module(TRACKING, "tracking service", name))


@cache
def dns(name: str) -> DnsPlugin:
    """Raises:
    UnknownPluginError: there is none of that name.
    """
    return DnsPlugin(name, _module(DNS, "DNS host", name))


@cache
def vendor(name: str) -> Vendor:
    """Raises:
    UnknownPluginError: there is none of that name.
    """
    return Vendor(name, _module(vendors(), "vendor", name))


def edges() -> list[EdgePlugin]:
    """Every edge that can be declared, in the registry's order."""
    return [plugin for name in EDGES if (plugin := edge(name)).is_complete]


def senders() -> list[SenderPlugin]:
    """Every sender that can be declared, in the registry's order."""
    return [plugin for name in SENDERS if (plugin := sender(name)).is_complete]


def tracking_services() -> list[TrackingPlugin]:
    """Every tracking service that can be declared, in the registry's order."""
    return [plugin for name in TRACKING if (plugin := tracking(name)).is_complete]


def dns_hosts() -> list[DnsPlugin]:
    """Every DNS host that can be declared, in the registry's order."""
    return [plugin for name in DNS if (plugin := dns(name)).is_complete]


def makers() -> list[EdgePlugin | SenderPlugin | TrackingPlugin]:
    """Those that may have objects of their own beside records."""
    return [*edges(), *senders(), *tracking_services()]


def plugins() -> list[Plugin]:
    """All that can be declared."""
    return [*edges(), *senders(), *tracking_services(), *dns_hosts()]


def answers(*plugins: Plugin) -> dict[str, Path]:
    """By name, the file of what each answers, of those that have one."""
    return {plugin.name: plugin.folder / "answers.yaml" for plugin in plugins if plugin.has("answers.yaml")}


@cache
def vendors() -> dict[str, str]:
    """Every vendor's folder: those that are shared, and each plug-in that is its own."""
    found = dict(VENDORS)
    for plugin in (*edges(), *senders(), *tracking_services(), *dns_hosts()):
        if plugin.facts.VENDOR is not None:
            found.setdefault(plugin.facts.VENDOR, plugin.module)
    return found


def _module(plugins: dict[str, str], kind: str, name: str) -> str:
    if name not in plugins:
        raise UnknownPluginError(kind, name, list(plugins))
    return plugins[name]
