"""Hosts that would change between a distribution and a tenant, and validation records that other certificates need.

CloudFront gives a host to one distribution or tenant at a time, and answers `CNAMEAlreadyExists` to the other. Its one way over without a
gap is `UpdateDomainAssociation` (docs.aws.amazon.com/cloudfront/latest/APIReference/API_UpdateDomainAssociation.html), which no resource of
the engine's offers: what had moved that way would not be in the state.

A validation record's name is the AWS account's and the host's, not one certificate's.

ACM proves every certificate of one account for one host, and each of its renewals, by the same CNAME
(docs.aws.amazon.com/acm/latest/userguide/dns-validation.html). Whoever deletes it ends the renewal of all of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from linkproof.acm import CERTIFICATE
from linkproof.contract.guard import ClientOf, Deployment, Refusal
from linkproof.contract.state import Resource, State
from linkproof.edges.cloudfront.facts import CERTIFICATE_REGION, VENDOR
from linkproof.edges.cloudfront.items import DISTRIBUTION, TENANT
from linkproof.errors import LinkproofError

RULE = "validation.shared"
MODE_RULE = "move.cloudfront-mode"
RULES = {
    MODE_RULE: "CloudFront gives a host to one distribution or tenant at a time: while the old one holds it, the new one is refused, and a"
    " deployment that deletes the old one first would lose clicks",
    RULE: "all certificates of one AWS account for one host, and their renewals, are proved by the same record",
}
_MODES = {DISTRIBUTION: "a distribution of its own", TENANT: "a tenant"}
_SUFFIX = "/validation"
# What still is or can still be renewed or issued.
_NEEDS_PROOF = ["PENDING_VALIDATION", "ISSUED"]
# Without naming them ACM lists RSA_1024 and RSA_2048 only.
_KEY_TYPES = ["RSA_1024", "RSA_2048", "RSA_3072", "RSA_4096", "EC_prime256v1", "EC_secp384r1", "EC_secp521r1"]


def judge(deployment: Deployment) -> Iterator[Refusal]:
    """What the state alone shows; it cannot tell whose certificates a record proves."""
    state = deployment.state
    held = {one.name: one.type for one in _with_leaving(state) if one.type in _MODES and not one.is_kept}
    for item in deployment.items:
        old, new = held.get(item.resource), item.engine_type
        if new in _MODES and old is not None and old != new:
            yield Refusal(
                MODE_RULE,
                item.resource,
                f"it changes from {_MODES[old]} to {_MODES[new]} of CloudFront, which takes a host while nothing else there holds it",
                "write the old edge again and step back to branded, one phase a deployment; then change the edge and step forwards."
                " Where links are https already (secured), move to an edge of another provider by `standby` first (docs/moving.md), and"
                " from there to the new one",
            )


def judge_at_vendor(deployment: Deployment, client: ClientOf) -> Iterator[Refusal]:
    """Refuse each deployment that would delete a validation record while another certificate needs it.

    Raises:
        LinkproofError: ACM cannot be asked.
    """
    for host, record, account in _leaving(deployment):
        name = str(record.outputs.get("fqdn") or record.inputs.get("name")).rstrip(".")
        others = list(_others(host, name, account, deployment.state, client))
        if others:
            shown = ", ".join(others[:3]) + (f" and {len(others) - 3} more" if len(others) > 3 else "")
            yield Refusal(
                RULE,
                host,
                f"its validation record {name} would be deleted, and {shown} is proved by the same record",
                f"delete that certificate if nobody needs it, or run `linkproof keep {host} -s STACK`, which leaves the record in DNS",
            )


def _leaving(deployment: Deployment) -> Iterator[tuple[str, Resource, str]]:
    """Host, record and account of each validation record that the plan has no more, or has for another account."""
    staying = {item.resource: item.account for item in deployment.items if item.engine_type == CERTIFICATE}
    state = deployment.state
    accounts = {resource.name: resource.account for resource in _with_leaving(state) if resource.type == CERTIFICATE}
    for record in _with_leaving(state):
        if not state.is_record(record) or not record.name.endswith(_SUFFIX) or record.is_kept:
            continue
        host = record.name.removesuffix(_SUFFIX)
        account = accounts.get(host)
        if account is not None and staying.get(host) != account:
            yield host, record, account


def _others(host: str, name: str, account: str, state: State, client: ClientOf) -> Iterator[str]:
    """ARNs of certificates that the record proves and that are none of this stack's for the host."""
    from botocore.exceptions import BotoCoreError, ClientError

    own = {resource.id for resource in _with_leaving(state) if resource.type == CERTIFICATE and resource.name == host}
    aws = client(VENDOR, account)
    try:
        for region in dict.fromkeys((CERTIFICATE_REGION, None)):
            acm = aws.service("acm", region)
            pages = acm.get_paginator("list_certificates").paginate(
                CertificateStatuses=_NEEDS_PROOF, Includes={"keyTypes": _KEY_TYPES}
            )
            for page in pages:
                for summary in page["CertificateSummaryList"]:
                    arn = str(summary["CertificateArn"])
                    if arn not in own and _may_cover(summary, host) and _proved_by(acm, arn, name):
                        own.add(arn)  # the account's own region may be that one too
                        yield arn
    except (BotoCoreError, ClientError) as error:
        raise LinkproofError(
            f"ACM of account {account} cannot be asked whether another certificate needs {name}: {error}",
            "check the credentials (acm:ListCertificates, acm:DescribeCertificate), then run this again",
        ) from error


def _with_leaving(state: State) -> tuple[Resource, ...]:
    return (*state.resources, *state.leaving)


def _may_cover(summary: dict[str, Any], host: str) -> bool:
    names = {summary["DomainName"], *summary.get("SubjectAlternativeNameSummaries", ())}
    return bool(names & {host, f"*.{host}"}) or bool(summary.get("HasAdditionalSubjectAlternativeNames"))


def _proved_by(acm: Any, arn: str, name: str) -> bool:
    found = acm.describe_certificate(CertificateArn=arn)["Certificate"]
    options = found.get("DomainValidationOptions", ())
    return any(option.get("ResourceRecord", {}).get("Name", "").rstrip(".") == name for option in options)
