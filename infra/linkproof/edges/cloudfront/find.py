"""Finding CloudFront's objects, and proving that they are the ones that this stack was creating."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from linkproof.contract.find import Candidate, Finder
from linkproof.edges.cloudfront.items import CERTIFICATE, DISTRIBUTION, POLICY, VALIDATION
from linkproof.ownership import TAG, is_marked

if TYPE_CHECKING:
    from linkproof.vendors.aws.client import AwsClient

WITHOUT_OBJECT = frozenset({VALIDATION})


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


def distributions(inputs: Mapping[str, Any], client: AwsClient) -> Iterator[Candidate]:
    """An alternate name is on one distribution only; it is ours when it carries the mark that it was made with."""
    mark = (inputs.get("tags") or {}).get(TAG)
    cloudfront = client.service("cloudfront")
    wanted = set(inputs["aliases"])
    for page in cloudfront.get_paginator("list_distributions").paginate():
        for summary in page["DistributionList"].get("Items", []):
            if not wanted & set(summary.get("Aliases", {}).get("Items", [])):
                continue
            what = f"distribution {summary['Id']} with alias {', '.join(sorted(wanted))}"
            tags = cloudfront.list_tags_for_resource(Resource=summary["ARN"])["Tags"].get("Items", [])
            held = {tag["Key"]: tag.get("Value") for tag in tags}.get(TAG)
            proved = mark is not None and held == mark
            doubt = f"its tag {TAG} says {held or 'nothing'}, not {mark}"
            yield Candidate(what, summary["Id"], "" if proved else doubt)


def policies(inputs: Mapping[str, Any], client: AwsClient) -> Iterator[Candidate]:
    """A policy's name is unique in the account, and it has no tags: it is ours when its comment has the mark."""
    cloudfront = client.service("cloudfront")
    marker: dict[str, str] = {}
    while True:
        answer = cloudfront.list_origin_request_policies(Type="custom", **marker)["OriginRequestPolicyList"]
        for entry in answer.get("Items", []):
            policy = entry["OriginRequestPolicy"]
            config = policy["OriginRequestPolicyConfig"]
            if config["Name"] == inputs["name"]:
                yield Candidate(
                    f"origin request policy {config['Name']}", policy["Id"], _doubt(config.get("Comment"), inputs)
                )
        if not answer.get("NextMarker"):
            return
        marker = {"Marker": answer["NextMarker"]}


def _doubt(held: str | None, inputs: Mapping[str, Any]) -> str:
    wanted = inputs.get("comment")
    if is_marked(wanted) and held == wanted:
        return ""
    return f"its comment says {held or 'nothing'}, not {wanted or 'whose it is'}"


FINDERS: Mapping[str, Finder] = {CERTIFICATE: certificates, DISTRIBUTION: distributions, POLICY: policies}
