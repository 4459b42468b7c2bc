"""A lab with three zones at the same two servers, for runs that divide it."""

from __future__ import annotations

from tests.verify.world import EDGE_ADDRESS, TARGET, World, expect, record

ZONES = ("example.test.", "shop.test.", "brand.test.")


class ThreeZones(World):
    """Each zone has two click hosts; everything is right at first."""

    def __init__(self, folder):
        super().__init__(folder)
        names = ["ns1.example.test.", "ns2.example.test."]
        for zone in ZONES:
            self.tld.set(zone, "NS", names)
            for server in (self.first, self.second):
                content = {(zone, "NS"): names, **{(f"url{n}.{zone}", "CNAME"): [TARGET] for n in (1, 2)}}
                if zone == "example.test.":
                    content |= {("ns1.example.test.", "A"): ["127.61.3.1"], ("ns2.example.test.", "A"): ["127.61.3.2"]}
                server.load(zone, content)

    def expectations(self):
        hosts = [f"url{number}.{zone}" for zone in ZONES for number in (1, 2)]
        records = [record(id=f"{host.rstrip('.')}/click", path=f"links.{host}", name=host) for host in hosts]
        wanted = expect(*records, stack="prod")
        zones = [wanted.zones[0].model_copy(update={"id": f"zone/{zone[:-1]}", "name": zone}) for zone in ZONES]
        return wanted.model_copy(update={"zones": tuple(zones)})


__all__ = ["EDGE_ADDRESS", "ThreeZones"]
