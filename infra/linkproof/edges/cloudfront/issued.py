"""A certificate of ACM, the record that proves it, and the wait until it is issued."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from linkproof.acm import VALIDATION_NAME, VALIDATION_VALUE, proof_of
from linkproof.contract.build import Building
from linkproof.contract.items import Record
from linkproof.contract.values import Late
from linkproof.edges.cloudfront.facts import CERTIFICATE_REGION, VENDOR
from linkproof.edges.cloudfront.items import Certificate

# ACM asks DNS every few minutes.
VALIDATION_TIMEOUT = "75m"


def issued(
    certificate: Certificate,
    validation: Record,
    building: Building,
    *,
    parent: pulumi.Resource,
    tags: Mapping[str, str],
) -> pulumi.Output[str]:
    """The ARN, once it is issued. Tells `building` name and value of the record.

    Args:
        parent: the link's component.
        tags: by which `linkproof recover` proves that it is ours.
    """
    provider = building.provider(VENDOR, certificate.account)
    requested = aws.acm.Certificate(
        certificate.resource,
        domain_name=certificate.host,
        validation_method="DNS",
        key_algorithm=certificate.key_algorithm,
        tags=tags,
        region=CERTIFICATE_REGION,
        opts=pulumi.ResourceOptions(parent=parent, provider=provider, protect=certificate.protect),
    )
    name, value = proof_of(requested, certificate.host)
    building.late[Late(certificate.resource, VALIDATION_NAME)] = name
    building.late[Late(certificate.resource, VALIDATION_VALUE)] = value
    record = building.publish(validation, name, value, parent=parent)
    if record is not None:
        building.records.append(record)
    waited = aws.acm.CertificateValidation(
        certificate.resource,
        certificate_arn=requested.arn,
        validation_record_fqdns=[name.apply(lambda name: name.removesuffix("."))],
        region=CERTIFICATE_REGION,
        opts=pulumi.ResourceOptions(
            parent=parent,
            provider=provider,
            depends_on=[record] if record is not None else [],
            custom_timeouts=pulumi.CustomTimeouts(create=VALIDATION_TIMEOUT),
        ),
    )
    return waited.certificate_arn
