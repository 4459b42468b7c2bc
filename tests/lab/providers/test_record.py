"""aws:route53/record:Record against the lab's Route 53 API."""

from __future__ import annotations

import pytest

from tests.lab.providers.harness import ZONE, RefusedError

TOKEN = "aws:route53/record:Record"


def click(name="url4821.example.net", **changes):
    return {"zoneId": ZONE, "name": name, "type": "CNAME", "ttl": 300, "records": ["sendgrid.net"], **changes}


@pytest.fixture
def record(aws):
    return aws.resource(TOKEN)


def test_a_record_lives_from_create_to_delete(record, lab):
    record.create(click())
    assert record.id == f"{ZONE}_url4821.example.net_CNAME"
    assert record.outputs["fqdn"] == "url4821.example.net"
    assert lab.store.rrset(ZONE, "url4821.example.net", "CNAME").data == ("sendgrid.net.",)
    assert record.changed(click(allowOverwrite=False))[1] == set()
    assert record.changed(click("URL4821.example.net.")) == (set(), set())
    assert record.refresh()[0] == click()
    assert record.changed(click(records=["d111.cloudfront.net"])) == ({"records"}, set())
    serial = lab.store.zone(ZONE).serial
    record.update(click(records=["d111.cloudfront.net"]))
    assert lab.store.zone(ZONE).serial == serial + 1
    assert record.refresh()[0] == click(records=["d111.cloudfront.net"])
    record.delete()
    assert record.refresh() is None
    assert lab.store.rrset(ZONE, "url4821.example.net", "CNAME") is None
    record.delete()


def test_name_and_zone_replace_and_type_does_not(record):
    record.inputs = click()
    assert record.changed(click("other.example.net")) == ({"name"}, {"name"})
    assert record.changed(click(zoneId="Z2")) == ({"zoneId"}, {"zoneId"})
    assert record.changed(click(type="TXT", ttl=60)) == ({"type", "ttl"}, set())


def test_a_type_changes_in_one_batch(record, lab):
    record.create(click("swap.example.net"))
    serial = lab.store.zone(ZONE).serial
    record.update(click("swap.example.net", type="A", records=["192.0.2.1"]))
    assert lab.store.zone(ZONE).serial == serial + 1
    assert lab.store.rrset(ZONE, "swap.example.net", "CNAME") is None
    assert record.refresh()[0]["type"] == "A"
    record.delete()
    assert lab.store.rrset(ZONE, "swap.example.net", "A") is None


def test_what_exists_is_refused_unless_overwriting_is_allowed(record, aws):
    record.create(click("taken.example.net"))
    second = aws.resource(TOKEN, "second")
    with pytest.raises(RefusedError, match=r"InvalidChangeBatch.*already exists") as refused:
        second.create(click("taken.example.net", records=["elsewhere.example"]))
    assert "import" not in str(refused.value)
    assert record.refresh()[0]["records"] == ["sendgrid.net"]
    second.create(click("taken.example.net", records=["elsewhere.example"], allowOverwrite=True))
    assert record.refresh()[0]["records"] == ["elsewhere.example"]
    second.delete()


def test_a_trailing_dot_alone_changes_nothing(record, lab):
    """Route 53 keeps the spelling that it has, so a value imported with its dot differs from the program's for ever."""
    record.create(click("dot.example.net", records=["sendgrid.net."]))
    serial = lab.store.zone(ZONE).serial
    record.update(click("dot.example.net"))
    assert lab.store.zone(ZONE).serial == serial
    inputs, _ = record.refresh()
    assert inputs["records"] == ["sendgrid.net."]
    record.update(click("dot.example.net", ttl=60))
    assert record.refresh()[0]["records"] == ["sendgrid.net"]
    record.delete()


def test_sets_of_values_have_no_order(record):
    values = ["192.0.2.1", "192.0.2.2"]
    record.create(click("set.example.net", type="A", records=values))
    assert record.changed(click("set.example.net", type="A", records=values[::-1])) == (set(), set())
    assert record.refresh()[0]["records"] == values
    record.delete()


def test_text_is_written_without_its_quotes_and_a_wildcard_as_a_star(record, lab):
    record.create(click("*.txt.example.net", type="TXT", records=["v=spf1 -all"]))
    assert lab.store.rrset(ZONE, "*.txt.example.net", "TXT").data == ('"v=spf1 -all"',)
    assert record.refresh()[0]["records"] == ["v=spf1 -all"]
    record.delete()
    assert lab.store.rrset(ZONE, "*.txt.example.net", "TXT") is None


def test_a_name_may_leave_its_zone_out(record):
    record.create(click("short"))
    assert record.outputs["fqdn"] == "short.example.net"
    assert record.refresh()[0] == click("short")
    record.delete()


def test_an_alias_record_is_made_and_read(record):
    alias = {"name": "d111.cloudfront.net", "zoneId": "Z2FDTNDATAQYW2", "evaluateTargetHealth": False}
    inputs = {"zoneId": ZONE, "name": "alias.example.net", "type": "A", "aliases": [alias]}
    record.create(inputs)
    assert record.refresh()[0] == inputs
    record.delete()


def test_import_takes_zone_name_and_type_with_underscores_in_the_name(record, aws):
    record.create(click("_abc.under_score.example.net"))
    record_id, inputs, _ = aws.resource(TOKEN).imported(f"{ZONE}__abc.under_score.example.net_CNAME")
    assert (record_id, inputs) == (record.id, click("_abc.under_score.example.net"))
    assert aws.resource(TOKEN).imported(f"{ZONE}_nobody.example.net_CNAME") is None
    with pytest.raises(RefusedError, match="ZONEID_name_TYPE"):
        aws.resource(TOKEN).imported("nonsense")
    record.delete()


@pytest.mark.stand_in_only("it asks less often than this test waits")
def test_a_change_that_does_not_spread_in_time_is_recorded_as_made(record, lab):
    lab.store.put("route53", "settings", {"insync_seconds": 3600})
    try:
        with pytest.raises(RefusedError, match=r"INSYNC did not happen within 0\.3 s") as caught:
            record.create(click("slow.example.net"), timeout=0.3)
    finally:
        lab.store.delete("route53", "settings")
    made = caught.value.init_failed
    assert made.id == f"{ZONE}_slow.example.net_CNAME"
    assert made.inputs["name"] == "slow.example.net"
    record.id, record.inputs, record.outputs = made.id, click("slow.example.net"), click("slow.example.net")
    record.update(click("slow.example.net"))
    record.delete()


@pytest.mark.stand_in_only("its checks have other words")
def test_check_wants_a_ttl_and_one_of_records_and_aliases(record):
    assert "exactly one" in record.failures({"zoneId": ZONE, "name": "x", "type": "A"})["records"]
    assert "needs a ttl" in record.failures({"zoneId": ZONE, "name": "x", "type": "A", "records": ["192.0.2.1"]})["ttl"]
    assert "must be one of" in record.failures(click(type="BOGUS"))["type"]


def test_a_missing_zone_is_the_vendors_own_error(record):
    with pytest.raises(RefusedError, match="NoSuchHostedZone"):
        record.create(click(zoneId="Z0NOWHERE"))
