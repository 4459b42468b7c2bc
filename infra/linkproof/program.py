"""Stack config → declaration → plan → components → exports. The only reader of `pulumi.Config`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pulumi

from linkproof.accounts import Accounts
from linkproof.credentials import read_credentials
from linkproof.declaration.load import require
from linkproof.dns.publish import publish
from linkproof.engine.note import leave_note
from linkproof.errors import LinkproofError
from linkproof.expectations.derive import exported
from linkproof.extras import missing
from linkproof.history.component import RecordHistory, settled
from linkproof.history.served import served_now
from linkproof.plan.build import build
from linkproof.plan.items import Late, Value
from linkproof.plan.model import Plan, PlannedLink
from linkproof.project import Project


def run() -> None:
    """What the engine starts: `main`, whose refusals it prints as they are, without a traceback.

    Raises:
        pulumi.RunError: the program refuses, or what the stack needs is not installed.
    """
    try:
        main()
    except LinkproofError as error:
        raise pulumi.RunError(str(error)) from None
    except ModuleNotFoundError as error:
        lacking = missing(error)
        if lacking is None:
            raise
        raise pulumi.RunError(str(lacking)) from None


def main() -> None:
    """The program, in previews and in deployments.

    Raises:
        DeclarationError: the declaration has problems; nothing was registered.
        CredentialsError: the config's accounts or secrets are not understood.
        UnknownAccountError: a zone or an edge names credentials that the config does not have.
    """
    leave_note(pulumi.get_stack())
    config = pulumi.Config("linkproof")
    file = Path(config.get("declaration") or f"stacks/{pulumi.get_stack()}.yaml")
    declaration = require(file if file.is_absolute() else Project.find().root / file)
    credentials = read_credentials(config.get("accounts"), config.get("secrets"), pulumi.get_stack())
    deploy(build(declaration), Accounts(credentials))


def deploy(plan: Plan, accounts: Accounts) -> None:
    """Register exactly the plan's items, then export the expectations and, for people, the links."""
    late: dict[Late, pulumi.Output[str]] = {}

    def value_of(value: Value) -> pulumi.Input[str]:
        return late[value] if isinstance(value, Late) else value

    served = served_now(plan)
    past = RecordHistory(served)
    built = _cloudfront(plan, accounts, late, past)
    rulesets = _cloudflare(plan, accounts)
    for record in plan.records:
        if isinstance(record.name, Late):
            continue  # a certificate's record: its edge has built it
        zone = plan.zone(record.zone)
        after = [past, *(resource for need in record.needs for resource in rulesets.get(need, []))]
        built.append(publish(record, zone, record.name, value_of(record.value), accounts, after=after))
    settled(past, [record for record in built if record is not None])
    pulumi.export("expectations", exported(plan, late.__getitem__))
    pulumi.export("links", {link.key: _for_people(link) for link in plan.links})


def _cloudfront(
    plan: Plan, accounts: Accounts, late: dict[Late, pulumi.Output[str]], past: pulumi.Resource
) -> list[pulumi.Resource | None]:
    """The edges; gives the records that prove their certificates, as far as we write them."""
    if not plan.distributions:
        return []
    from linkproof.edges.cloudfront.component import CloudFrontEdge, origin_request_policy

    policies = {policy.resource: origin_request_policy(policy, accounts) for policy in plan.policies}
    certificates = {certificate.resource: certificate for certificate in plan.certificates}
    validations = {record.name.item: record for record in plan.records if isinstance(record.name, Late)}
    written: list[pulumi.Resource | None] = []
    for distribution in plan.distributions:
        validation = validations[distribution.certificate]
        edge = CloudFrontEdge(
            distribution,
            certificates[distribution.certificate],
            validation,
            plan.zone(validation.zone),
            policies[distribution.policy].id,
            accounts,
            past,
        )
        written.append(edge.validation_record)
        late[Late(distribution.resource, "domain_name")] = edge.domain_name.apply(lambda domain: f"{domain}.")
        late[Late(distribution.certificate, "validation_name")] = edge.validation_name
        late[Late(distribution.certificate, "validation_value")] = edge.validation_value
    return written


def _cloudflare(plan: Plan, accounts: Accounts) -> dict[str, list[pulumi.Resource]]:
    """The rulesets by zone: a record is proxied only when its rules are in place."""
    built: dict[str, list[pulumi.Resource]] = {}
    for planned in plan.rulesets:
        if planned.ours:
            from linkproof.edges.cloudflare.component import ruleset

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
