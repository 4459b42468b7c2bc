"""Changes that are no phase step and yet move what is in use."""

from __future__ import annotations

import re
from typing import Any

import pytest
from linkproof import registry
from linkproof.contract.declared import PHASES
from linkproof.declaration.load import load_text
from linkproof.declaration.model import Declaration
from linkproof.engine.guard import RULES, Refusal

from tests.engine_state.deployed import (
    COM,
    NET,
    NOW,
    at_aws,
    at_cf,
    at_edge,
    cloudflare,
    declared,
    distribution,
    judge,
    link,
    resource,
    route53,
    ruleset,
    said,
    state,
)

OWNER = "1234567.example.net"
ZONE_IDS = {"zoneId": "Z0EXAMPLE0NET"}
DNS = {
    "route53": "{dns: route53, id: Z0EXAMPLE0NET}",
    "manual": "{dns: manual}",
    "cloudflare": "{dns: cloudflare, id: 00000000000000000000000000000000}",
    "another id": "{dns: route53, id: Z0ANOTHER}",
    "another account": "{dns: route53, id: Z0EXAMPLE0NET, account: other}",
}


def with_zone(zone: str, *links: str, more: str = "", hosts: str = "") -> Declaration:
    edges = "edges: {aws: {provider: cloudfront}, cf: {provider: cloudflare}}\n"
    body = "links:\n" + "".join(f"  {one}\n" for one in links) if links else ""
    loaded = load_text(f"version: 1\nzones:\n  example.net: {zone}\n{more}{edges}{body}{hosts}", "test.yaml")
    assert loaded.declaration is not None, [str(problem) for problem in loaded.problems]
    return loaded.declaration


def placed(raw: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A record with the zone that it was made in."""
    return raw | {"inputs": {**raw["inputs"], **ZONE_IDS}} | more


def in_route53(phase: str, **more: Any) -> Any:
    records = [placed(one) if "Record" in one["type"] else one for one in at_aws(phase)]
    return state(*records, placed(route53(OWNER)), links=said_with_owner(phase), **more)


def said_with_owner(phase: str, owner: str = OWNER) -> dict[str, Any]:
    return {"one": said(phase)["one"] | {"owner_host": owner}}


def rules(found: list[Refusal]) -> list[str]:
    return [refusal.rule for refusal in found]


# zones --------------------------------------------------------------------------------------------
@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("changed", [name for name in DNS if name != "route53"])
def test_a_zone_whose_records_would_be_made_elsewhere_is_refused_in_every_phase(changed: str, phase: str) -> None:
    found = judge(with_zone(DNS[changed], link(phase)), in_route53(phase), NOW)
    assert rules(found) == ["move.zone"]
    assert found[0].host == "example.net"
    assert NET in found[0].message
    assert "`linkproof retire example.net --keep -s test`" in found[0].fix
    assert judge(with_zone(DNS["route53"], link(phase)), in_route53(phase), NOW) == []


def test_both_forms_of_a_zone_s_id_are_the_same_zone() -> None:
    deployed = state(route53(NET) | {"inputs": {**route53(NET)["inputs"], "zoneId": "/hostedzone/Z0EXAMPLE0NET"}}, links=said("branded"))  # fmt: skip
    assert judge(with_zone(DNS["route53"], link("branded")), deployed, NOW) == []


def test_the_zone_in_the_outputs_counts_as_well() -> None:
    deployed = state(placed(route53(NET), outputs={"zoneId": "Z0OTHER"}), links=said("branded"))
    assert rules(judge(with_zone(DNS["route53"], link("branded")), deployed, NOW)) == ["move.zone"]


def test_a_zone_that_is_taken_out_or_another_that_is_nearer_moves_the_records_too() -> None:
    deep = "url1.deep.example.net"
    more = "  deep.example.net: {dns: route53, id: Z0DEEP}\n"
    one = f"one: {{sender: sendgrid, click_host: {deep}, owner_host: 7.deep.example.net, phase: branded}}"
    inside = route53(deep) | {"inputs": {**route53(deep)["inputs"], "zoneId": "Z0DEEP"}}
    assert rules(judge(with_zone(DNS["route53"], one), state(inside), NOW)) == ["move.zone"]
    assert rules(judge(with_zone(DNS["route53"], one, more=more), state(placed(route53(deep))), NOW)) == ["move.zone"]  # fmt: skip
    assert judge(with_zone(DNS["route53"], one, more=more), state(inside), NOW) == []


def test_the_record_of_a_tracking_host_moves_as_a_link_s_does() -> None:
    hosts = "tracking_hosts: {karte: {provider: karte, host: t.example.net}}\n"
    deployed = state(placed(route53("t.example.net", "cname.karte.io")))
    assert rules(judge(with_zone(DNS["manual"], hosts=hosts), deployed, NOW)) == ["move.zone"]
    assert judge(with_zone(DNS["route53"], hosts=hosts), deployed, NOW) == []


def test_records_that_the_state_has_let_go_of_move_nowhere() -> None:
    deployed = state(distribution(NET), links=said_with_owner("live"))
    assert judge(with_zone(DNS["manual"], link("live")), deployed, NOW) == []
    assert judge(with_zone(DNS["another id"], link("live")), deployed, NOW) == []


def test_a_ruleset_moves_with_its_zone() -> None:
    old = ruleset(COM) | {"inputs": {**ruleset(COM)["inputs"], "zoneId": "0" * 32}}
    deployed = state(cloudflare(COM), old, links=said("ready", COM, "cf", "cloudflare"))
    found = judge(declared(link("ready", COM, "cf")), deployed, NOW)
    assert rules(found) == ["move.zone"]
    assert "example.com/http_config_settings" in found[0].message


# rulesets -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("phase", ["ready", "live", "secured"])
def test_rules_of_a_link_in_use_are_not_handed_over(phase: str) -> None:
    external = "edges:\n  cf: {provider: cloudflare, rulesets: external}\n"
    deployed = state(*at_cf(phase), links=said(phase, COM, "cf", "cloudflare"))
    found = judge(declared(link(phase, COM, "cf"), edges=external), deployed, NOW)
    assert rules(found) == ([] if phase == "ready" else ["move.rulesets"])
    assert judge(declared(link(phase, COM, "cf")), deployed, NOW) == []


def test_only_the_links_in_use_are_named() -> None:
    other = "url2.example.com"
    external = "edges:\n  cf: {provider: cloudflare, rulesets: external}\n"
    deployed = state(
        cloudflare(COM, proxied=True), cloudflare(other), ruleset(COM, other),
        links=said("live", COM, "cf", "cloudflare") | said("ready", other, "cf", "cloudflare", key="two"),
    )  # fmt: skip
    links = link("live", COM, "cf"), link("ready", other, "cf", key="two")
    found = judge(declared(*links, edges=external), deployed, NOW)
    assert [(one.rule, one.host) for one in found] == [("move.rulesets", COM)]


# the sender's account -----------------------------------------------------------------------------
def in_region(phase: str, region: str) -> str:
    return link(phase).replace("phase:", f"region: {region}, phase:")


@pytest.mark.parametrize("phase", PHASES)
def test_a_region_changes_only_in_branded(phase: str) -> None:
    found = judge(declared(in_region(phase, "eu")), in_route53(phase), NOW)
    assert rules(found) == ([] if phase == "branded" else ["move.sender"])
    assert judge(declared(in_region(phase, "us")), in_route53(phase), NOW) == []


def test_a_region_does_not_change_together_with_a_step() -> None:
    assert rules(judge(declared(in_region("ready", "eu")), in_route53("branded"), NOW)) == ["move.sender"]
    assert rules(judge(declared(in_region("branded", "eu")), in_route53("ready"), NOW)) == ["move.sender"]


def test_the_region_is_told_by_the_origin_where_the_zone_is_manual() -> None:
    org = "url1.example.org"
    deployed = state(
        distribution(org, inputs={"origins": [{"domainName": "eu.sendgrid.net"}]}), links=said("live", org)
    )
    found = judge(declared(link("live", org)), deployed, NOW)
    assert rules(found) == ["move.sender"]
    assert "from sendgrid, region eu to sendgrid, region us" in found[0].message


def test_a_record_that_somebody_bent_is_repaired_and_no_other_account() -> None:
    deployed = state(route53(NET, "wrong.example"), distribution(NET), links=said("ready"))
    assert judge(declared(link("ready")), deployed, NOW) == []


@pytest.mark.parametrize("phase", ["branded", "live"])
def test_another_sender_has_a_host_of_its_own_unless_no_mail_was_ever_sent(phase: str) -> None:
    endpoints = [{"id": "one/sender", "host": NET, "sender": "sparkpost"}]
    deployed = state(*at_aws(phase), links=said(phase), expectations={"endpoints": endpoints})
    (found,) = judge(declared(link(phase)), deployed, NOW)
    assert (found.rule, found.host) == ("move.two-senders", NET)
    assert "declare another click host for the new sender" in found.fix
    unused = link(phase).replace("phase:", "in_use: false, phase:")
    assert rules(judge(declared(unused), deployed, NOW)) == ([] if phase == "branded" else ["move.two-senders"])


@pytest.mark.parametrize("phase", PHASES)
def test_an_owner_host_changes_only_in_branded(phase: str) -> None:
    deployed = state(
        *at_aws(phase), route53("7654321.example.net"), links=said_with_owner(phase, "7654321.example.net")
    )
    found = judge(declared(link(phase)), deployed, NOW)
    assert rules(found) == ([] if phase == "branded" else ["move.owner"])
    if found:
        assert "from 7654321.example.net to 1234567.example.net" in found[0].message


# protected ----------------------------------------------------------------------------------------
def test_what_is_protected_and_leaves_is_said_with_the_way_to_let_go() -> None:
    deployed = state(route53(NET, protect=True), links=said("branded"))
    (found,) = judge(declared(), deployed, NOW)
    assert (found.rule, found.host) == ("move.protected", NET)
    assert f"`linkproof retire {NET} -s test`" in found.fix
    assert judge(declared(), state(route53(NET), links=said("branded")), NOW) == []


def test_a_tracking_host_that_leaves_names_retire() -> None:
    deployed = state(cloudflare("t.example.com", "cname.karte.io", protect=True))
    (found,) = judge(declared(), deployed, NOW)
    assert (found.rule, "`linkproof retire t.example.com -s test`" in found.fix) == ("move.protected", True)


def test_what_links_share_is_not_offered_while_a_link_is_refused() -> None:
    """Its rules leave because of a change that is refused: to retire them would be the wrong advice."""
    external = "edges:\n  cf: {provider: cloudflare, rulesets: external}\n"
    resources = [cloudflare(COM, proxied=True), ruleset(COM) | {"protect": True}]
    deployed = state(*resources, links=said("live", COM, "cf", "cloudflare"))
    assert rules(judge(declared(link("live", COM, "cf"), edges=external), deployed, NOW)) == ["move.rulesets"]


# unknown ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("rtype", ["digitalocean:index/dnsRecord:DnsRecord", "aws:route53/record:RecordV2", "aws:lambda/function:Function"])  # fmt: skip
def test_a_type_that_is_not_known_is_refused_and_named(rtype: str) -> None:
    deployed = state(*at_aws("live"), resource(rtype, "url9.example.net/CNAME"), links=said("live"))
    (found,) = judge(declared(link("live")), deployed, NOW)
    assert found.rule == "state.unknown-type"
    assert rtype in found.message
    assert "url9.example.net/CNAME" in found.message


def test_types_of_ours_and_of_providers_are_known() -> None:
    ours = ["linkproof:cloudfront:Edge", "linkproof:history:History", "pulumi:providers:aws", "aws:acm/certificate:Certificate",
            "aws:acm/certificateValidation:CertificateValidation", "aws:cloudfront/originRequestPolicy:OriginRequestPolicy"]  # fmt: skip
    deployed = state(*at_aws("live"), *(resource(rtype, "some") for rtype in ours), links=said("live"))
    assert judge(declared(link("live")), deployed, NOW) == []


def test_every_refusal_can_be_explained() -> None:
    from pathlib import Path

    import linkproof.engine.guard as package
    from linkproof import servers

    folder = Path(str(package.__file__)).parent
    text = "".join(file.read_text() for file in folder.glob("*.py") if file.name != "rules.py")
    own = [plugin for plugin in registry.plugins() if plugin.guard is not None]
    assert own
    files = [*(one.folder / "guard.py" for one in own), Path(str(servers.__file__)).parent / "guard.py"]
    text += "".join(re.sub(r"RULES = {.*?}", "", file.read_text(), flags=re.DOTALL) for file in files)
    assert [rule for rule in RULES if f'"{rule}"' not in text] == [], "a rule that nothing raises"


# accounts of an edge ------------------------------------------------------------------------------
@pytest.mark.parametrize(("before", "after", "found"), [
    ("ready", "ready", ["phase.edge-account"]),
    ("ready", "branded", []),
    ("branded", "ready", []),
    ("ready", "live", ["phase.edge-changed"]),
    ("live", "live", ["phase.edge-changed"]),
])  # fmt: skip
def test_a_distribution_moves_to_another_account_only_where_it_is_gone(
    before: str, after: str, found: list[str]
) -> None:
    """CloudFront refuses a host that a distribution of another account has: the old one must be gone first."""
    deployed = state(*at_aws(before), links=said(before))
    assert rules(judge(declared(link(after, edge="cdn")), deployed, NOW)) == found
    if found:
        (refusal,) = judge(declared(link(after, edge="cdn")), deployed, NOW)
        assert "branded" in refusal.fix


def test_another_vendor_takes_over_in_ready() -> None:
    deployed = state(cloudflare(COM), distribution(COM), links=said("ready", COM))
    assert judge(declared(link("ready", COM, "cf")), deployed, NOW) == []


# inputs and outputs -------------------------------------------------------------------------------
@pytest.mark.parametrize(("inputs", "outputs"), [("sendgrid.net", at_edge(NET)), (at_edge(NET), "sendgrid.net")])
@pytest.mark.parametrize(
    ("after", "allowed"), [("branded", False), ("ready", True), ("live", True), ("secured", False)]
)
def test_an_update_whose_end_failed_counts_as_both(inputs: str, outputs: str, after: str, allowed: bool) -> None:
    """The engine keeps the old inputs beside the new outputs."""
    record = route53(NET, inputs) | {"outputs": {"records": [outputs], "ttl": 300}}
    found = judge(declared(link(after)), state(record, distribution(NET), links=said("ready")), NOW)
    assert rules(found) == ([] if allowed else ["phase.skipped"])


def test_a_proxied_record_in_the_outputs_alone_is_in_use() -> None:
    record = cloudflare(COM) | {"outputs": {"content": "sendgrid.net", "proxied": True}}
    deployed = state(record, ruleset(COM), links=said("ready", COM, "cf", "cloudflare"))
    assert rules(judge(declared(link("branded", COM, "cf")), deployed, NOW)) == ["phase.skipped"]
