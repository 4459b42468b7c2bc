"""Which links a resource, an expectation or a zone is about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from linkproof import registry
from linkproof.contract.items import Record
from linkproof.plan.model import Plan


class About:
    """Links and tracking hosts, by what a comparison names.

    Args:
        plan: of the declaration.
    """

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._paths = {link.path: link.key for link in plan.links} | {host.path: host.key for host in plan.hosts}
        self._hosts = {link.click_host: link.key for link in plan.links} | {host.host: host.key for host in plan.hosts}
        self.all = tuple(self._paths.values())
        self.resource_of = {record.id: record.resource for record in plan.records}
        self.zones = frozenset(zone.name.text for zone in plan.zones)
        self._by_resource = self._resources()

    def resource(self, name: str) -> tuple[str, ...]:
        """Of an engine resource; of one that is not planned any more, by the host in its name."""
        known = self._by_resource.get(name)
        if known:
            return self._sorted(known)
        return self._sorted({key for host, key in self._hosts.items() if name == host or name.startswith(f"{host}/")})

    def expectations(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Of expectations `<link>/<role>` and zones `zone/<name>`."""
        found: set[str] = set()
        for one in ids:
            head, _, rest = one.partition("/")
            if head == "zone":
                found |= self.zone(rest)
            else:
                found |= {key for key in self.all if one.startswith(f"{key}/")}
                found |= set(self._by_resource.get(self.resource_of.get(one, ""), ()))
        return self._sorted(found)

    def zone(self, name: str) -> set[str]:
        """Those with a name in it."""
        return {key for host, key in self._hosts.items() if host == name or host.endswith(f".{name.rstrip('.')}")}

    def _resources(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for item in self._plan.items:
            path = str(getattr(item, "path", ""))
            found[item.resource] |= {key for at, key in self._paths.items() if path == at or path.startswith(f"{at}.")}
            host = item.resource.rpartition("/")[0] or item.resource
            if host in self._hosts:
                found[item.resource].add(self._hosts[host])
            if isinstance(item, Record) and item.id.partition("/")[0] in self.all:
                found[item.resource].add(item.id.partition("/")[0])
        owners = {link.owner_host: set[str]() for link in self._plan.links if link.owner_host}
        for link in self._plan.links:
            if link.owner_host:
                owners[link.owner_host].add(link.key)
        for owner, keys in owners.items():
            found[f"{owner}/CNAME"] |= keys
        changed = True
        while changed:  # what a link's object needs is about that link, however far below
            changed = False
            for item in self._plan.items:
                for need in item.needs:
                    if not found[item.resource] <= found[need]:
                        found[need] |= found[item.resource]
                        changed = True
        for item in self._plan.objects:
            if not found[item.resource]:
                found[item.resource] = self._of_edges(item.engine_type)
        return found

    def _of_edges(self, rtype: str) -> set[str]:
        """Those whose edge has objects of that type: what all links of an edge share is named by none of them."""
        providers = {
            plugin.name for plugin in registry.edges() if plugin.state is not None and rtype in plugin.state.TYPES
        }
        return {link.key for link in self._plan.links if providers & {link.edge_provider, link.standby_provider}}

    def _sorted(self, keys: set[str]) -> tuple[str, ...]:
        return tuple(key for key in self.all if key in keys)
