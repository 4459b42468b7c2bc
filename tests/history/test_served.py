"""What the history says that a record serves."""

from __future__ import annotations

from linkproof.history.served import Served, served_now
from linkproof.plan.build import build

from tests.plan.declared import declared, link

HOST = "url1.example.net"


def served(more: str = "") -> Served:
    return Served.from_text(
        served_now(build(declared(link("a", HOST, "live", more=f", ttl_seconds: 3600{more}"))))[f"{HOST}/CNAME"]
    )


def test_an_alias_lives_as_long_as_its_target_s_addresses_and_leads_to_the_same_edge() -> None:
    plain, alias = served(), served(", record: alias")
    assert (plain.served, plain.ttl_seconds) == ("as-declared", 3600)
    assert (alias.served, alias.ttl_seconds) == ("alias", 60)
    assert (alias.values, alias.edge) == (plain.values, plain.edge) == ((f"late:domain_name:{HOST}",), "cloudfront")
