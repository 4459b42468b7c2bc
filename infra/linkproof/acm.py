"""Public certificates of AWS Certificate Manager, which several plug-ins request: what their answers say of the record that proves them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from linkproof.contract.find import Candidate
from linkproof.contract.state import State
from linkproof.contract.values import Late
from linkproof.names import with_dot
from linkproof.ownership import TAG

if TYPE_CHECKING:
    from linkproof.vendors.aws.client import AwsClient

CERTIFICATE: Final = "aws:acm/certificate:Certificate"
VALIDATION_NAME, VALIDATION_VALUE = "validation_name", "validation_value"


def proof_of(certificate: Any, host: str) -> tuple[Any, Any]:
    """Name and value, with trailing dots, of the record that proves a certificate which is being made: two outputs of it."""
    # the provider answers the options as a set, whose order says nothing
    option = certificate.domain_validation_options.apply(
        lambda options: next(option for option in options if option.domain_name == host)
    )
    return (
        option.apply(lambda found: with_dot(found.resource_record_name)),
        option.apply(lambda found: with_dot(found.resource_record_value)),
    )


def late(late: Late, state: State) -> str | None:
    """Name or value of the record that proves a certificate, whose resource is named as its host; None where it is neither, or not known."""
    if late.output not in (VALIDATION_NAME, VALIDATION_VALUE):
        return None
    found = state.find(CERTIFICATE, late.item)
    member = "resourceRecordName" if late.output == VALIDATION_NAME else "resourceRecordValue"
    for option in (found.outputs.get("domainValidationOptions") if found else None) or []:
        if option.get("domainName") == late.item:
            return dotted(option.get(member))
    return None


def dotted(name: Any) -> str | None:
    """A name of the state's with its trailing dot; None for what is no name."""
    return with_dot(name) if isinstance(name, str) and name else None


def certificates(inputs: Mapping[str, Any], client: AwsClient) -> Iterator[Candidate]:
    """Certificates of the same host with another mark, or none, are somebody else's and no obstacle: ACM allows several."""
    wanted = (inputs.get("tags") or {}).get(TAG)
    acm = client.service("acm", inputs.get("region"))
    for page in acm.get_paginator("list_certificates").paginate():
        for summary in page["CertificateSummaryList"]:
            if summary["DomainName"] != inputs["domainName"]:
                continue
            arn: str = summary["CertificateArn"]
            tags = {tag["Key"]: tag.get("Value") for tag in acm.list_tags_for_certificate(CertificateArn=arn)["Tags"]}
            if wanted is not None and tags.get(TAG) == wanted:
                yield Candidate(f"certificate of {summary['DomainName']}", arn)
