"""Stack config → declaration → plan → components → exports. The only reader of `pulumi.Config`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pulumi

from infra.accounts import Accounts
from infra.declaration.load import require
from infra.dns.publish import publish
from infra.expectations.derive import exported
from infra.plan.build import build
from infra.plan.items import Late, Value
from infra.plan.model import Plan, PlannedLink


def main() -> None:
    """What the engine runs, in previews and in deployments.

    Raises:
        DeclarationError: the declaration has problems; nothing was registered.
        UnknownAccountError: a zone or an edge names credentials that the config does not have.
    """
    config = pulumi.Config("linkproof")
    file = Path(config.get("declaration") or f"stacks/{pulumi.get_stack()}.yaml")
    root = Path(__file__).resolve().parent.parent
    declaration = require(file if file.is_absolute() else root / file)
    accounts = Accounts(config.get_object("accounts") or {}, config.get_secret_object("secrets"))
    deploy(build(declaration), accounts)


def deploy(plan: Plan, accounts: Accounts) -> None:
    """Register exactly the plan's items, then export the expectations and, for people, the links."""
    late: dict[Late, pulumi.Output[str]] = {}

    def value_of(value: Value) -> pulumi.Input[str]:
        return late[value] if isinstance(value, Late) else value

    _cloudfront(plan, accounts, late)
    rulesets = _cloudflare(plan, accounts)
    for record in plan.records:
        if isinstance(record.name, Late):
            continue  # a certificate's record: its edge has built it
        zone = plan.zone(record.zone)
        after = [resource for need in record.needs for resource in rulesets.get(need, [])]
        publish(record, zone, record.name, value_of(record.value), accounts, after=after)
    pulumi.export("expectations", exported(plan, late.__getitem__))
    pulumi.export("links", {link.key: _for_people(link) for link in plan.links})


def _cloudfront(plan: Plan, accounts: Accounts, late: dict[Late, pulumi.Output[str]]) -> None:
    if not plan.distributions:
        return
    from infra.edges.cloudfront.component import CloudFrontEdge, origin_request_policy

    policies = {policy.resource: origin_request_policy(policy, accounts) for policy in plan.policies}
    certificates = {certificate.resource: certificate for certificate in plan.certificates}
    validations = {record.name.item: record for record in plan.records if isinstance(record.name, Late)}
    for distribution in plan.distributions:
        validation = validations[distribution.certificate]
        edge = CloudFrontEdge(
            distribution,
            certificates[distribution.certificate],
            validation,
            plan.zone(validation.zone),
            policies[distribution.policy].id,
            accounts,
        )
        late[Late(distribution.resource, "domain_name")] = edge.domain_name.apply(lambda domain: f"{domain}.")
        late[Late(distribution.certificate, "validation_name")] = edge.validation_name
        late[Late(distribution.certificate, "validation_value")] = edge.validation_value


def _cloudflare(plan: Plan, accounts: Accounts) -> dict[str, list[pulumi.Resource]]:
    """The rulesets by zone: a record is proxied only when its rules are in place."""
    built: dict[str, list[pulumi.Resource]] = {}
    for planned in plan.rulesets:
        if planned.ours:
            from infra.edges.cloudflare.component import ruleset

            built.setdefault(planned.zone, []).append(ruleset(planned, plan.zone(planned.zone), accounts))
    return built


def _for_people(link: PlannedLink) -> dict[str, Any]:
    """Also what `linkproof guard` judges the next deployment by."""
    scheme = "https" if link.phase == "secured" else "http"
    return {
        "phase": link.phase,
        "click_host": link.click_host,
        "owner_host": link.owner_host,
        "edge": link.edge,
        "edge_provider": link.edge_provider,
        "url": f"{scheme}://{link.click_host}/",
    }
