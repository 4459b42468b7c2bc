"""The history is written before every record and settled after all of them, and knows each of them."""

from __future__ import annotations

from pathlib import Path

from linkproof.history.served import Served

from tests.program.declarations import COM, NET, ORG, one
from tests.program.recorded import Recorded


def history(made: Recorded) -> dict[str, Served]:
    return {key: Served.from_text(text) for key, text in made.get("history", "records").inputs["records"].items()}


def test_every_record_waits_for_the_history_and_the_history_for_nothing(tmp_path: Path) -> None:
    made = one(tmp_path, NET, "live", "aws")
    assert made.get("history", "records").depends_on == ()
    records = made.of("route53")
    assert {record.name for record in records} == {f"{NET}/CNAME", f"{NET}/validation", "1234567.example.net/CNAME"}
    assert all("records" in record.depends_on for record in records)


def test_it_settles_after_every_record(tmp_path: Path) -> None:
    made = one(tmp_path, NET, "live", "aws")
    assert set(made.get("settled", "records").depends_on) >= {record.name for record in made.of("route53")}


def test_it_knows_what_leads_to_an_edge_and_how_long_resolvers_keep_it(tmp_path: Path) -> None:
    at_edge = history(one(tmp_path, NET, "live", "aws"))[f"{NET}/CNAME"]
    assert (at_edge.values, at_edge.edge, at_edge.ttl_seconds) == ((f"late:domain_name:{NET}",), "cloudfront", 300)
    proxied = history(one(tmp_path, COM, "live", "cf"))[f"{COM}/CNAME"]
    assert (proxied.values, proxied.served, proxied.edge) == (("sendgrid.net.",), "proxied", "cloudflare")
    for phase in ("branded", "ready"):
        assert history(one(tmp_path, NET, phase, "aws"))[f"{NET}/CNAME"].edge is None


def test_a_record_that_people_write_has_a_past_too(tmp_path: Path) -> None:
    served = history(one(tmp_path, ORG, "branded"))
    assert served[f"{ORG}/CNAME"].zone == "manual"
