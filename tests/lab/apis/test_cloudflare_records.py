"""Cloudflare's DNS records through the vendor's SDK."""

from __future__ import annotations

from typing import Any

import cloudflare
import httpx
import pytest

from tests.lab.apis.conftest import ADMIN_TOKEN

CF_ZONE = "023e105f4ecef8ad9ca31a8372d0c353"


def create(lab: Any, **fields: Any) -> Any:
    return lab.cloudflare().dns.records.create(zone_id=CF_ZONE, **{"ttl": 1, **fields})


def code_of(error: Any) -> int:
    return int(error.value.body["errors"][0]["code"])


def test_zones_are_found_by_name_and_by_id(lab: Any) -> None:
    client = lab.cloudflare()
    (zone,) = list(client.zones.list(name="example.com"))
    assert (zone.id, zone.status) == (CF_ZONE, "active")
    assert client.zones.get(zone_id=CF_ZONE).name_servers == ["ada.ns.cloudflare.com", "bob.ns.cloudflare.com"]
    assert list(client.zones.list(name="example.net")) == []


def test_a_request_without_a_token_is_refused_as_the_vendor_does(lab: Any) -> None:
    answer = httpx.get(f"{lab.settings.api_url('vendors/cloudflare')}/client/v4/zones")
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, 9106)


def test_an_unknown_zone_and_an_unknown_record_are_not_found(lab: Any) -> None:
    with pytest.raises(cloudflare.NotFoundError):
        lab.cloudflare().dns.records.list(zone_id="f" * 32)
    with pytest.raises(cloudflare.NotFoundError) as error:
        lab.cloudflare().dns.records.get("f" * 32, zone_id=CF_ZONE)
    assert code_of(error) == 81044


def test_a_dns_only_cname_is_served_as_it_is_and_automatic_ttl_is_300(lab: Any) -> None:
    record = create(lab, type="CNAME", name="url1.example.com", content="SendGrid.net.", comment="click")
    assert (record.name, record.content, record.ttl, record.proxied) == ("url1.example.com", "sendgrid.net", 1, False)
    assert (record.proxiable, record.comment, record.tags) == (True, "click", [])
    assert record.created_on == record.modified_on
    assert lab.served(CF_ZONE, "url1.example.com", "CNAME") == (300, ("sendgrid.net.",))
    assert lab.cloudflare().dns.records.get(record.id, zone_id=CF_ZONE) == record


def test_a_proxied_record_is_answered_with_the_edges_and_its_ttl_is_automatic(lab: Any) -> None:
    record = create(lab, type="CNAME", name="url2.example.com", content="sendgrid.net", proxied=True, ttl=600)
    assert (record.ttl, record.proxied) == (1, True)
    assert lab.served(CF_ZONE, "url2.example.com", "A") == (300, lab.settings.edge_addresses("cloudflare"))
    assert lab.served(CF_ZONE, "url2.example.com", "CNAME") is None


def test_proxying_on_and_off_is_one_new_serial_each(lab: Any) -> None:
    record = create(lab, type="CNAME", name="url2.example.com", content="sendgrid.net", ttl=120)
    serial = lab.store.zone(CF_ZONE).serial
    edit = lab.cloudflare().dns.records.edit
    changed = edit(record.id, zone_id=CF_ZONE, name="url2.example.com", type="CNAME", ttl=1, proxied=True)
    assert (changed.proxied, changed.content) == (True, "sendgrid.net")
    assert lab.served(CF_ZONE, "url2.example.com", "A") == (300, lab.settings.edge_addresses("cloudflare"))
    assert lab.served(CF_ZONE, "url2.example.com", "CNAME") is None
    assert lab.store.zone(CF_ZONE).serial == serial + 1
    edit(record.id, zone_id=CF_ZONE, name="url2.example.com", type="CNAME", ttl=120, proxied=False)
    assert lab.served(CF_ZONE, "url2.example.com", "CNAME") == (120, ("sendgrid.net.",))
    assert lab.served(CF_ZONE, "url2.example.com", "A") is None


def test_put_overwrites_and_a_rename_moves_the_answer(lab: Any) -> None:
    record = create(lab, type="CNAME", name="old.example.com", content="sendgrid.net", comment="gone")
    new = lab.cloudflare().dns.records.update(
        record.id, zone_id=CF_ZONE, name="new.example.com", type="CNAME", content="spgo.io", ttl=60
    )
    assert (new.id, new.name, new.comment) == (record.id, "new.example.com", None)
    assert lab.served(CF_ZONE, "old.example.com", "CNAME") is None
    assert lab.served(CF_ZONE, "new.example.com", "CNAME") == (60, ("spgo.io.",))


def test_a_deleted_record_is_answered_no_more(lab: Any) -> None:
    record = create(lab, type="TXT", name="example.com", content='v=spf1 include:"x" -all')
    assert lab.served(CF_ZONE, "example.com", "TXT") == (300, ('"v=spf1 include:\\"x\\" -all"',))
    assert lab.cloudflare().dns.records.delete(record.id, zone_id=CF_ZONE).id == record.id
    assert lab.served(CF_ZONE, "example.com", "TXT") is None


def test_of_two_addresses_one_can_leave(lab: Any) -> None:
    first = create(lab, type="A", name="a.example.com", content="192.0.2.1", ttl=300)
    create(lab, type="A", name="a.example.com", content="192.0.2.2", ttl=300)
    assert lab.served(CF_ZONE, "a.example.com", "A") == (300, ("192.0.2.1", "192.0.2.2"))
    lab.cloudflare().dns.records.delete(first.id, zone_id=CF_ZONE)
    assert lab.served(CF_ZONE, "a.example.com", "A") == (300, ("192.0.2.2",))


@pytest.mark.parametrize(
    ("present", "wanted", "code"),
    [
        ({"type": "A", "content": "192.0.2.1"}, {"type": "CNAME", "content": "sendgrid.net"}, 81053),
        ({"type": "CNAME", "content": "a.example"}, {"type": "CNAME", "content": "b.example"}, 81053),
        ({"type": "TXT", "content": "x"}, {"type": "CNAME", "content": "sendgrid.net"}, 81053),
        ({"type": "CNAME", "content": "a.example"}, {"type": "A", "content": "192.0.2.1"}, 81054),
        ({"type": "CNAME", "content": "a.example"}, {"type": "CNAME", "content": "A.example."}, 81058),
        ({"type": "A", "content": "192.0.2.1"}, {"type": "A", "content": "192.0.2.1"}, 81058),
    ],
)
def test_what_may_not_stand_side_by_side(lab: Any, present: Any, wanted: Any, code: int) -> None:
    create(lab, name="x.example.com", **present)
    with pytest.raises(cloudflare.BadRequestError) as error:
        create(lab, name="x.example.com", **wanted)
    assert code_of(error) == code
    assert len(list(lab.cloudflare().dns.records.list(zone_id=CF_ZONE))) == 1


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"type": "CNAME", "content": "sendgrid.net", "ttl": 30}, 9021),
        ({"type": "CNAME", "content": "sendgrid.net", "ttl": 86401}, 9021),
        ({"type": "CNAME", "content": "sendgrid.net", "ttl": "300"}, 9022),
        ({"type": "TXT", "content": "x", "proxied": True}, 9004),
        ({"type": "A", "content": "300.1.1.1"}, 9005),
        ({"type": "AAAA", "content": "1.1.1.1"}, 9006),
        ({"type": "CNAME", "content": "a..b"}, 9007),
        ({"type": "CNAME", "content": "x.example.com"}, 9039),
        ({"type": "CNAME", "content": "sendgrid.net", "name": "-a.example.com"}, 9000),
        ({"type": "CNAME", "content": "sendgrid.net", "name": "a" * 64 + ".example.com"}, 9000),
    ],
)
def test_a_record_that_is_wrong_in_itself_is_refused(lab: Any, fields: Any, code: int) -> None:
    with pytest.raises(cloudflare.BadRequestError) as error:
        create(lab, **{"name": "x.example.com", **fields})
    assert code_of(error) == code


def test_an_apex_cname_is_flattened_and_follows_its_target(lab: Any) -> None:
    create(lab, type="CNAME", name="@", content="sendgrid.net")
    assert lab.served(CF_ZONE, "example.com", "A") == (300, (lab.settings.origin_addresses("sendgrid")[0],))
    lab.store.set_rrsets("sendgrid.net", [("sendgrid.net", "A", 300, ("127.9.9.9",))])
    assert lab.eventually(lambda: lab.served(CF_ZONE, "example.com", "A") == (300, ("127.9.9.9",)))
    assert lab.served(CF_ZONE, "example.com", "CNAME") is None


def test_a_cname_is_flattened_below_the_apex_where_it_says_so(lab: Any) -> None:
    """What somebody switches on by hand: the name has no CNAME any more, which breaks branding and KARTE."""
    record = create(lab, type="CNAME", name="flat.example.com", content="sendgrid.net", ttl=300)
    edit = lab.cloudflare().dns.records.edit
    edit(record.id, zone_id=CF_ZONE, type="CNAME", name=record.name, ttl=300, settings={"flatten_cname": True})
    assert lab.served(CF_ZONE, "flat.example.com", "CNAME") is None
    assert lab.served(CF_ZONE, "flat.example.com", "A") == (300, (lab.settings.origin_addresses("sendgrid")[0],))
    lab.store.set_rrsets("sendgrid.net", [("sendgrid.net", "A", 300, ("127.9.9.8",))])
    assert lab.eventually(lambda: lab.served(CF_ZONE, "flat.example.com", "A") == (300, ("127.9.9.8",)))
    edit(record.id, zone_id=CF_ZONE, type="CNAME", name=record.name, ttl=300, settings={"flatten_cname": False})
    assert lab.served(CF_ZONE, "flat.example.com", "CNAME") == (300, ("sendgrid.net.",))
    assert lab.served(CF_ZONE, "flat.example.com", "A") is None


def test_the_plan_free_has_no_tags_and_short_comments(lab: Any) -> None:
    create(lab, type="CNAME", name="c100.example.com", content="a.example", comment="c" * 100)
    for changes in ({"tags": ["a:b"]}, {"comment": "c" * 101}):
        with pytest.raises(cloudflare.BadRequestError) as error:
            create(lab, type="CNAME", name="plan.example.com", content="a.example", **changes)
        assert code_of(error) == 1004
    assert error.value.body["errors"][0]["error_chain"]


def test_names_are_completed_with_the_zone_and_written_in_punycode(lab: Any) -> None:
    assert create(lab, type="CNAME", name="www", content="a.example").name == "www.example.com"
    assert create(lab, type="CNAME", name="bücher.example.com", content="a.example").name == "xn--bcher-kva.example.com"
    assert create(lab, type="CNAME", name="w.example.net", content="a.example").name == "w.example.net.example.com"


def test_caa_is_written_as_data(lab: Any) -> None:
    record = create(lab, type="CAA", name="example.com", data={"flags": 0, "tag": "issue", "value": "amazon.com"})
    assert record.content == '0 issue "amazon.com"'
    assert lab.served(CF_ZONE, "example.com", "CAA") == (300, ('0 issue "amazon.com"',))


def test_listing_filters_and_pages(lab: Any) -> None:
    for number in range(5):
        create(lab, type="CNAME", name=f"url{number}.example.com", content=f"t{number}.example")
    create(lab, type="TXT", name="url9.example.com", content="x")
    records = lab.cloudflare().dns.records
    assert [r.name for r in records.list(zone_id=CF_ZONE, type="CNAME", per_page=2)] == [
        f"url{number}.example.com" for number in range(5)
    ]
    page = records.list(zone_id=CF_ZONE, type="CNAME", per_page=2, page=3)
    assert page.result_info.total_count == 5
    assert [r.name for r in page.result] == ["url4.example.com"]
    assert [r.content for r in records.list(zone_id=CF_ZONE, name={"exact": "URL3.example.com"})] == ["t3.example"]
    assert [r.name for r in records.list(zone_id=CF_ZONE, content={"exact": "t2.example"})] == ["url2.example.com"]
    assert len(list(records.list(zone_id=CF_ZONE, name={"startswith": "url"}, type="TXT"))) == 1


def test_the_envelope_is_the_vendors(lab: Any) -> None:
    url = f"{lab.settings.api_url('vendors/cloudflare')}/client/v4/zones/{CF_ZONE}/dns_records"
    document = httpx.get(
        url, headers={"Authorization": f"Bearer {ADMIN_TOKEN}"}, params={"name": "none.example.com"}
    ).json()
    info = {"page": 1, "per_page": 100, "count": 0, "total_count": 0, "total_pages": 0}
    assert document == {"result": [], "success": True, "errors": [], "messages": [], "result_info": info}


def test_too_many_requests_are_told_when_to_come_back_each_token_on_its_own(lab: Any) -> None:
    lab.store.put("rate-limit", "cloudflare", {"requests": 2, "per_seconds": 100})
    client = lab.cloudflare(lab.token("first".ljust(40, "0"), "*"))
    client.zones.get(zone_id=CF_ZONE)
    client.zones.get(zone_id=CF_ZONE)
    with pytest.raises(cloudflare.RateLimitError) as error:
        client.zones.get(zone_id=CF_ZONE)
    assert 90 <= int(error.value.response.headers["Retry-After"]) <= 100
    lab.cloudflare(lab.token("second".ljust(40, "0"), "*")).zones.get(zone_id=CF_ZONE)


def test_records_survive_a_restart_and_dns_is_mended(lab: Any) -> None:
    record = create(lab, type="CNAME", name="url1.example.com", content="sendgrid.net")
    # as if the process had died between the document and DNS, in the middle of a rename
    doc = lab.store.get("cloudflare-record", record.id)
    renamed = {**doc, "name": "url2.example.com", "previous": [["url1.example.com", "CNAME"]]}
    lab.store.put("cloudflare-record", record.id, renamed)
    lab.restart()
    assert lab.cloudflare().dns.records.get(record.id, zone_id=CF_ZONE).name == "url2.example.com"
    assert lab.served(CF_ZONE, "url1.example.com", "CNAME") is None
    assert lab.served(CF_ZONE, "url2.example.com", "CNAME") == (300, ("sendgrid.net.",))


def test_the_last_of_a_thousand_records_costs_no_more_than_the_first(lab: Any) -> None:
    """Counted in SQL statements, not in seconds: the work per record must not grow with the zone."""
    lab.store.put("rate-limit", "cloudflare", {"requests": 10**6, "per_seconds": 1})
    url = f"{lab.settings.api_url('vendors/cloudflare')}/client/v4/zones/{CF_ZONE}/dns_records"
    costs, statements = [], []
    with httpx.Client(headers={"Authorization": f"Bearer {ADMIN_TOKEN}"}) as client:
        for number in range(1000):
            if number in (10, 999):
                lab.store._db.set_trace_callback(statements.append)
            body = {"type": "CNAME", "name": f"u{number}.example.com", "content": "sendgrid.net", "ttl": 1}
            assert client.post(url, json=body).status_code == 200
            if number in (10, 999):
                lab.store._db.set_trace_callback(None)
                costs.append(len([s for s in statements if "versions WHERE n >" not in s]))
                statements.clear()
    assert costs[1] <= costs[0] + 2
