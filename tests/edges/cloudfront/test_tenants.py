"""CloudFront's tenant mode: what is planned, what the state says of it, and that a host does not change the mode in use."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from linkproof.contract.checks import Endpoint
from linkproof.contract.values import Late
from linkproof.edges.cloudfront import state as cloudfront
from linkproof.edges.cloudfront.items import (
    CONNECTION_GROUP,
    MULTITENANT,
    TENANT,
    CachePolicy,
    ConnectionGroup,
    Distribution,
    MultitenantDistribution,
    OriginRequestPolicy,
    Tenant,
)
from linkproof.plan.build import build

from tests.engine_state.deployed import (
    NET,
    NOW,
    T0,
    at_aws,
    declared,
    judge,
    link,
    remembered,
    resource,
    route53,
    said,
    state,
)
from tests.plan.declared import of

EDGES = """edges:
  aws: {provider: cloudfront}
  many: {provider: cloudfront, mode: tenant}
  far: {provider: cloudfront, mode: tenant, account: cdn}
"""
OTHER, ENDPOINT = "url2.example.net", "dgroup.cloudfront.net"
GROUP = Late("default/tenants", "routing_endpoint")


def of_links(*links: str) -> Any:
    return build(declared(*links, edges=EDGES))


def tenant(host: str = NET, **more: Any) -> dict[str, Any]:
    where = {"distributionId": "id-of-shared", "connectionGroupId": "id-of-group"}
    return resource(TENANT, host, inputs=where, outputs=where, **more)


def shared() -> list[dict[str, Any]]:
    return [
        resource(CONNECTION_GROUP, "default/tenants", outputs={"routingEndpoint": ENDPOINT}) | {"id": "id-of-group"},
        resource(MULTITENANT, "default/sendgrid.net/tenants", inputs={"origins": [{"domainName": "sendgrid.net"}]})
        | {"id": "id-of-shared"},
    ]


def at_tenant(phase: str) -> list[dict[str, Any]]:
    """The resources of a link that finished a deployment in this phase."""
    record = route53(NET, ENDPOINT if phase in ("live", "secured") else "sendgrid.net")
    return [record] if phase == "branded" else [record, tenant(), *shared()]


def test_links_of_one_account_share_a_group_and_those_of_one_origin_a_distribution() -> None:
    plan = of_links(
        link("live", NET, "many"), link("ready", OTHER, "many", "two"), link("live", "url3.example.net", "far", "three")
    )
    assert [(one.resource, one.protect) for one in of(plan, ConnectionGroup)] == [
        ("cdn/tenants", True),
        ("default/tenants", True),
    ]
    assert {one.resource for one in of(plan, MultitenantDistribution)} == {
        "cdn/sendgrid.net/tenants",
        "default/sendgrid.net/tenants",
    }
    assert len(of(plan, OriginRequestPolicy)) == 2
    assert of(plan, CachePolicy) == of(plan, Distribution) == []
    tenants = {one.host: one for one in of(plan, Tenant)}
    assert [(one.group, one.protect) for one in tenants.values()] == [
        ("default/tenants", True),
        ("default/tenants", False),
        ("cdn/tenants", True),
    ]


def test_a_click_host_leads_to_the_group_once_its_own_tenant_answers() -> None:
    plan = of_links(link("live", NET, "many"), link("ready", OTHER, "many", "two"))
    (record,) = (one for one in plan.records if one.id == "one/click")
    assert (record.value, record.needs) == (GROUP, (NET,))
    (waiting,) = (one for one in plan.records if one.id == "two/click")
    assert waiting.value == "sendgrid.net."
    asked = {one.id: one.connect for one in plan.checks if isinstance(one, Endpoint)}
    assert (asked["one/edge"], asked["two/edge"]) == (None, GROUP)


def test_both_modes_stand_side_by_side_in_one_account() -> None:
    plan = of_links(link("live", NET, "aws"), link("live", OTHER, "many", "two"))
    assert [one.host for one in of(plan, Distribution)] == [NET]
    assert [one.host for one in of(plan, Tenant)] == [OTHER]
    assert {one.resource for one in of(plan, OriginRequestPolicy)} == {
        "default/sendgrid.net/1",
        "default/sendgrid.net/tenants",
    }


def test_the_state_says_where_a_tenant_answers_and_what_it_forwards_to() -> None:
    (seen,) = cloudfront.seen(state(*at_tenant("live")))
    assert (seen.host, seen.names, seen.account) == (NET, {f"{ENDPOINT}."}, "default")
    assert (seen.origins, seen.is_leaving) == ({"sendgrid.net"}, False)
    assert cloudfront.late(GROUP, state(*shared())) == f"{ENDPOINT}."
    assert cloudfront.late(GROUP, state()) is None
    (lost,) = cloudfront.seen(state(tenant()))
    assert (lost.names, lost.origins) == (frozenset(), frozenset())


@pytest.mark.parametrize("phase", ["branded", "ready", "live"])
def test_a_tenant_that_stays_as_it_is_is_not_refused(phase: str) -> None:
    deployed = state(*at_tenant(phase), links=said(phase, edge="many"))
    assert judge(declared(link(phase, NET, "many"), edges=EDGES), deployed, NOW) == []


@pytest.mark.parametrize("phase", ["ready", "live", "secured"])
@pytest.mark.parametrize("to_tenant", [True, False])
def test_a_host_changes_between_both_modes_in_branded_only(phase: str, to_tenant: bool) -> None:
    before, edge = (at_aws, "many") if to_tenant else (at_tenant, "aws")
    deployed = state(*before(phase), links=said(phase))
    (found,) = judge(declared(link(phase, NET, edge), edges=EDGES), deployed, NOW)
    assert (found.rule, found.host) == ("move.cloudfront-mode", NET)
    words = ["a distribution of its own", "a tenant"]
    old, new = words if to_tenant else reversed(words)
    assert f"changes from {old} to {new}" in found.message
    assert "step back to branded" in found.fix
    back = state(*before("branded"), links=said("branded"))
    assert judge(declared(link("ready", NET, edge), edges=EDGES), back, NOW) == []


def test_a_tenant_that_leaves_is_held_while_resolvers_may_lead_there() -> None:
    """The record left the group's endpoint two minutes ago, and lived for an hour."""
    before = declared(link("live", NET, "many").replace("phase:", "ttl_seconds: 3600, phase:"), edges=EDGES)
    after = declared(link("ready", NET, "many"), edges=EDGES)
    moved = remembered((before, T0, T0), (after, "2026-11-22T11:58:00Z", "2026-11-22T11:58:10Z"))
    deployed = state(route53(NET, modified="2026-11-22T11:58:10Z"), tenant(), *shared(), *moved, links=said("ready"))
    found, drains = judge(declared(link("branded", NET, "many"), edges=EDGES), deployed, NOW)
    assert (found.rule, drains.rule) == ("phase.edge-still-in-use", "phase.edge-draining")
    assert found.until is not None
    assert found.until > NOW + timedelta(minutes=50)
