"""What CloudFront refuses in a distribution's configuration."""

from __future__ import annotations

import ipaddress
import re
from typing import Any

from infra.lab.apis.acm.lookup import KIND as CERTIFICATE_KIND
from infra.lab.apis.aws import AwsError
from infra.lab.apis.cloudfront.index import DistributionIndex
from infra.lab.apis.cloudfront.policies import CACHE, ORIGIN_REQUEST, Policies
from infra.lab.store import Store

_ALIAS = re.compile(r"^(\*\.)?([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9-]{2,63}$")
_MOST_ALIASES = 100
_MOST_DISTRIBUTIONS_PER_POLICY = 100
_METHOD_SETS = (
    {"GET", "HEAD"},
    {"GET", "HEAD", "OPTIONS"},
    {"GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"},
)
_NO_SUCH_CERTIFICATE = "The specified SSL certificate doesn't exist, isn't in us-east-1 region, isn't valid, or doesn't include a valid certificate chain."
_NO_CERTIFICATE = (
    "To add an alternate domain name (CNAME) to a CloudFront distribution, you must attach a trusted certificate that validates "
    "your authorization to use the domain name. For more details, see: "
    "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/CNAMEs.html#alternate-domain-names-requirements"
)
_NOT_COVERED = (
    "The certificate that is attached to your distribution doesn't cover the alternate domain name (CNAME) that you're trying to add. "
    "For more details, see: "
    "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/CNAMEs.html#alternate-domain-names-requirements"
)


class Checks:
    """Judges a complete configuration (`with_defaults`) of one account's distribution."""

    def __init__(self, store: Store, index: DistributionIndex, policies: Policies) -> None:
        self._store = store
        self._index = index
        self._policies = policies

    def check(self, config: dict[str, Any], account: str, own_id: str = "") -> None:
        """Refuse what the vendor refuses.

        Args:
            own_id: the distribution that is being updated; empty for a new one.

        Raises:
            AwsError: with the vendor's code.
        """
        _check_origins(config)
        behaviors = [config["DefaultCacheBehavior"], *config["CacheBehaviors"].get("Items", [])]
        targets = {o["Id"] for o in config["Origins"]["Items"]} | {
            g["Id"] for g in config["OriginGroups"].get("Items", [])
        }
        for behavior in behaviors:
            if behavior["TargetOriginId"] not in targets:
                raise AwsError(404, "NoSuchOrigin", "One or more of your origins or origin groups do not exist.")
            self._check_behavior(behavior, account, own_id)
        self._check_aliases(config, own_id)
        self._check_certificate(config, account)

    def _check_behavior(self, behavior: dict[str, Any], account: str, own_id: str) -> None:
        if set(behavior["AllowedMethods"]["Items"]) not in _METHOD_SETS:
            raise AwsError(
                400, "InvalidArgument", "The parameter AllowedMethods contains a method set that is not supported."
            )
        if behavior["ViewerProtocolPolicy"] not in ("allow-all", "https-only", "redirect-to-https"):
            raise AwsError(400, "InvalidArgument", "The parameter ViewerProtocolPolicy is invalid.")
        cache_id, request_id = behavior.get("CachePolicyId"), behavior.get("OriginRequestPolicyId")
        if not cache_id and "ForwardedValues" not in behavior:
            raise AwsError(400, "InvalidArgument", "The parameter ForwardedValues is required.")
        if cache_id and "ForwardedValues" in behavior:
            problem = (
                "The parameter ForwardedValues cannot be used when a cache policy is associated to the cache behavior."
            )
            raise AwsError(400, "InvalidArgument", problem)
        for kind, policy_id in ((CACHE, cache_id), (ORIGIN_REQUEST, request_id)):
            if not policy_id:
                continue
            self._policies.find(kind, account, policy_id)
            users = self._index.users_of_policy(policy_id) - {own_id}
            if len(users) >= _MOST_DISTRIBUTIONS_PER_POLICY and not self._policies.is_managed(policy_id):
                code = f"TooManyDistributionsAssociatedTo{kind.name}"
                raise AwsError(
                    400,
                    code,
                    f"The maximum number of distributions have been associated with the specified {kind.words}.",
                )

    def _check_aliases(self, config: dict[str, Any], own_id: str) -> None:
        aliases = [alias.lower() for alias in config["Aliases"].get("Items", [])]
        if len(aliases) > _MOST_ALIASES:
            raise AwsError(
                400, "TooManyDistributionCNAMEs", "Your request contains more CNAMEs than are allowed per distribution."
            )
        for alias in aliases:
            if not _ALIAS.match(alias) or len(alias) > 253 or len(set(aliases)) < len(aliases):
                raise AwsError(
                    400, "InvalidArgument", "The parameter CNAME contains one or more parameters that are not valid."
                )
            if self._index.owner_of_alias(alias) not in (None, own_id):
                taken = "One or more of the CNAMEs you provided are already associated with a different resource."
                raise AwsError(409, "CNAMEAlreadyExists", taken)

    def _check_certificate(self, config: dict[str, Any], account: str) -> None:
        aliases = [alias.lower() for alias in config["Aliases"].get("Items", [])]
        viewer = config["ViewerCertificate"]
        arn = viewer.get("ACMCertificateArn")
        if viewer.get("IAMCertificateId"):
            raise AwsError(400, "InvalidViewerCertificate", _NO_SUCH_CERTIFICATE)
        if not arn:
            if aliases:
                raise AwsError(400, "InvalidViewerCertificate", _NO_CERTIFICATE)
            return
        certificate = self._store.get(CERTIFICATE_KIND, arn)
        usable = certificate and certificate["status"] == "ISSUED"
        if (
            not usable
            or certificate is None
            or (certificate["region"], certificate["account"]) != ("us-east-1", account)
        ):
            raise AwsError(400, "InvalidViewerCertificate", _NO_SUCH_CERTIFICATE)
        if viewer.get("SSLSupportMethod") not in ("sni-only", "vip", "static-ip"):
            raise AwsError(
                400, "InvalidArgument", "The parameter SSLSupportMethod is required when a certificate is specified."
            )
        if not all(_covers(certificate["names"], alias) for alias in aliases):
            raise AwsError(400, "InvalidViewerCertificate", _NOT_COVERED)


def _check_origins(config: dict[str, Any]) -> None:
    origins = config["Origins"]["Items"]
    if not origins or len({origin["Id"] for origin in origins}) < len(origins):
        raise AwsError(400, "InvalidArgument", "The parameter Origins needs at least one origin, and ids that differ.")
    for origin in origins:
        try:
            ipaddress.ip_address(origin["DomainName"])
        except ValueError:
            pass
        else:
            raise AwsError(400, "InvalidArgument", "The parameter Origin DomainName cannot be an IP address.")
        if len(origin.keys() & {"CustomOriginConfig", "S3OriginConfig", "VpcOriginConfig"}) != 1:
            raise AwsError(400, "InvalidOrigin", "The specified origin server does not exist or is not valid.")


def _covers(names: list[str], alias: str) -> bool:
    """RFC 6125 §6.4.3: a wildcard stands for exactly one leftmost label."""
    return alias in names or f"*.{alias.partition('.')[2]}" in names
