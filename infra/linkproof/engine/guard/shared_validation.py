"""Validation records that other certificates need: the record's name is the AWS account's and the host's, not one certificate's.

ACM proves every certificate of one account for one host, and each of its renewals, by the same CNAME
(docs.aws.amazon.com/acm/latest/userguide/dns-validation.html). Whoever deletes it ends the renewal of all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from linkproof.engine.guard.refusal import Refusal
from linkproof.engine.state import CERTIFICATE, RECORD_TYPES
from linkproof.errors import LinkproofError

if TYPE_CHECKING:
    from linkproof.engine.cli import Engine
    from linkproof.engine.clients import Clients
    from linkproof.plan.model import Plan

RULE = "validation.shared"
_SUFFIX = "/validation"
# What still is or can still be renewed or issued.
_NEEDS_PROOF = ["PENDING_VALIDATION", "ISSUED"]
# Without naming them ACM lists RSA_1024 and RSA_2048 only.
_KEY_TYPES = ["RSA_1024", "RSA_2048", "RSA_3072", "RSA_4096", "EC_prime256v1", "EC_secp384r1", "EC_secp521r1"]
_CLOUDFRONT_REGION = "us-east-1"


def judge(plan: Plan, document: dict[str, Any], clients: Callable[[], Clients]) -> list[Refusal]:
    """Refuse each deployment that would delete a validation record while another certificate needs it.

    Args:
        plan: what would be deployed.
        document: the exported state.
        clients: called only when a record would go.

    Raises:
        LinkproofError: ACM cannot be asked.
    """
    refusals = []
    for host, record, account in _leaving(plan, document):
        name = str((record.get("outputs") or {}).get("fqdn") or (record.get("inputs") or {}).get("name")).rstrip(".")
        others = list(_others(host, name, account, document, clients()))
        if others:
            shown = ", ".join(others[:3]) + (f" and {len(others) - 3} more" if len(others) > 3 else "")
            refusals.append(
                Refusal(
                    RULE,
                    host,
                    f"its validation record {name} would be deleted, and {shown} is proved by the same record",
                    f"delete that certificate if nobody needs it, or run `linkproof keep {host} -s STACK`, which leaves the record in DNS",
                )
            )
    return refusals


def keep(engine: Engine, host: str) -> str:
    """Mark a host's validation record so that the next deployment forgets it and leaves it in DNS; its engine name.

    Raises:
        LinkproofError: the stack has no such record.
    """
    document = engine.export()
    records = [r for r in _records(document) if _name(r) == f"{host}{_SUFFIX}"]
    if not records:
        raise LinkproofError(
            f"stack {engine.stack} has no validation record of {host}",
            "name the click host of a link behind CloudFront",
        )
    for record in records:
        record["retainOnDelete"] = True
    engine.import_state(document)
    return f"{host}{_SUFFIX}"


def _leaving(plan: Plan, document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Host, record and account of each validation record that the plan has no more, or has for another account."""
    staying = {certificate.resource: certificate.account for certificate in plan.certificates}
    accounts = {_name(r): _account(r) for r in _resources(document) if r["type"] == CERTIFICATE}
    for record in _records(document):
        host = _name(record).removesuffix(_SUFFIX)
        account = accounts.get(host)
        if account is not None and staying.get(host) != account and not record.get("retainOnDelete"):
            yield host, record, account


def _others(host: str, name: str, account: str, document: dict[str, Any], clients: Clients) -> Iterator[str]:
    """ARNs of certificates that the record proves and that are none of this stack's for the host."""
    from botocore.exceptions import BotoCoreError, ClientError

    own = {r.get("id") for r in _resources(document) if r["type"] == CERTIFICATE and _name(r) == host}
    try:
        for region in dict.fromkeys((_CLOUDFRONT_REGION, None)):
            acm = clients.aws("acm", account, region)
            pages = acm.get_paginator("list_certificates").paginate(
                CertificateStatuses=_NEEDS_PROOF, Includes={"keyTypes": _KEY_TYPES}
            )
            for page in pages:
                for summary in page["CertificateSummaryList"]:
                    arn = str(summary["CertificateArn"])
                    if arn not in own and _may_cover(summary, host) and _proved_by(acm, arn, name):
                        own.add(arn)  # the account's own region may be us-east-1 too
                        yield arn
    except (BotoCoreError, ClientError) as error:
        raise LinkproofError(
            f"ACM of account {account} cannot be asked whether another certificate needs {name}: {error}",
            "check the credentials (acm:ListCertificates, acm:DescribeCertificate), then run this again",
        ) from error


def _may_cover(summary: dict[str, Any], host: str) -> bool:
    names = {summary["DomainName"], *summary.get("SubjectAlternativeNameSummaries", ())}
    return bool(names & {host, f"*.{host}"}) or bool(summary.get("HasAdditionalSubjectAlternativeNames"))


def _proved_by(acm: Any, arn: str, name: str) -> bool:
    found = acm.describe_certificate(CertificateArn=arn)["Certificate"]
    options = found.get("DomainValidationOptions", ())
    return any(option.get("ResourceRecord", {}).get("Name", "").rstrip(".") == name for option in options)


def _resources(document: dict[str, Any]) -> list[dict[str, Any]]:
    return list((document.get("deployment") or {}).get("resources") or ())


def _records(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [r for r in _resources(document) if r["type"] in RECORD_TYPES and _name(r).endswith(_SUFFIX)]


def _name(resource: dict[str, Any]) -> str:
    return str(resource["urn"]).rpartition("::")[2]


def _account(resource: dict[str, Any]) -> str:
    """Of `urn:…::aws-cdn::id`: `cdn`."""
    return str(resource.get("provider") or "").split("::")[-2].partition("-")[2]
