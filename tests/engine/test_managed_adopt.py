"""Auto SSL brands that others have made, with their four records, at each DNS host: taken over, and nothing is changed."""

from __future__ import annotations

from typing import Any

from linkproof_lab.apis.request_log import requests
from linkproof_lab.senders.sendgrid.links import CERTIFICATE_KIND

from tests.engine.elsewhere import R53_ZONE, Elsewhere
from tests.engine.sandbox import Sandbox, linked, until
from tests.engine.test_sendgrid import ask, begin, calls, links, resource

DOMAINS = ("example.net", "example.com")


def declared() -> dict[str, Any]:
    found = {
        key: {"sender": "mail", "click_host": f"url1.{domain}", "phase": "secured", "edge": "managed"}
        for key, domain in zip(("one", "two"), DOMAINS, strict=True)
    }
    whole = linked(found, senders={"mail": {"provider": "sendgrid", "manage": {}}})
    return {**whole, "edges": {}}


def made_by_others(box: Sandbox, domain: str) -> int:
    """A brand with Auto SSL and its records as a person types them: at Cloudflare a text without its marks."""
    others = Elsewhere(box)
    body = {"domain": domain, "subdomain": "url1", "auto_ssl": True}
    link = ask(box, "POST", "whitelabel/links", body).json()
    for one in link["dns"].values():
        kind = one["type"].upper()
        if domain == "example.com":
            others.cloudflare_record(one["host"], one["data"], type=kind)
            continue
        value = f'"{one["data"]}"' if kind == "TXT" else one["data"]
        record = {"Name": one["host"], "Type": kind, "TTL": 300, "ResourceRecords": [{"Value": value}]}
        others.aws("route53").change_resource_record_sets(
            HostedZoneId=R53_ZONE, ChangeBatch={"Changes": [{"Action": "UPSERT", "ResourceRecordSet": record}]}
        )
    assert ask(box, "POST", f"whitelabel/links/{link['id']}/validate").json()["valid"] is True
    return int(link["id"])


def test_managed_brands_are_adopted_with_their_texts_and_nothing_is_written(fresh: Sandbox) -> None:
    begin(fresh, declared())
    ids = {domain: made_by_others(fresh, domain) for domain in DOMAINS}
    until(lambda: _certificates(fresh) == len(DOMAINS))
    before = links(fresh)
    written = [(one["method"], one["path"]) for one in requests(fresh.lab.request_log) if one["writes"]]
    fresh.linkproof("adopt", "dev")
    for domain, id_ in ids.items():
        assert resource(fresh, f"url1.{domain}/brand")["id"] == str(id_)
        assert resource(fresh, f"_cf-custom-hostname.url1.{domain}/TXT")["id"]
    fresh.linkproof("guard", "dev")
    fresh.up("dev")
    fresh.pulumi("preview", "--stack", "dev", "--expect-no-changes")
    assert links(fresh) == before
    assert [(one["method"], one["path"]) for one in requests(fresh.lab.request_log) if one["writes"]] == written
    assert len(calls(fresh, "POST", "/validate")) == len(DOMAINS), "by the people who made them"
    fresh.linkproof("expectations", "dev")
    code, report = fresh.verify("dev")
    assert (code, report["findings"]) == (0, []), (report["findings"], report["could_not_check"])


def _certificates(box: Sandbox) -> int:
    with box.control as control:
        return len(control.documents(CERTIFICATE_KIND))
