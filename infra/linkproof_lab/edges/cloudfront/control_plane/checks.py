"""What CloudFront refuses in a distribution's configuration."""

from __future__ import annotations

import ipaddress
import re
from typing import Any

from linkproof_lab.edges.cloudfront.control_plane.index import DistributionIndex
from linkproof_lab.edges.cloudfront.control_plane.leads import leads_to
from linkproof_lab.edges.cloudfront.control_plane.policies import CACHE, ORIGIN_REQUEST, Policies
from linkproof_lab.store import Store
from linkproof_lab.vendors.aws.acm.lookup import KIND as CERTIFICATE_KIND
from linkproof_lab.vendors.aws.control_plane.calls import AwsError

ALIAS = re.compile(r"^(\*\.)?([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)+[a-z0-9-]{2,63}$")
_MOSTALIASES = 100
_MOST_DISTRIBUTIONS_PER_POLICY = 100
_METHOD_SETS = (
    {"GET", "HEAD"},
    {"GET", "HEAD", "OPTIONS"},
    {"GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"},
)
_LEADS_ELSEWHERE = (
    "One or more aliases specified for the distribution includes an incorrectly configured DNS record that points to another "
    "CloudFront distribution. You must update the DNS record to correct the problem. For more information, see "
    "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/CNAMEs.html#alternate-domain-names-restrictions"
)
_ERROR_STATUSES = {400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504}
_LONGEST_COMMENT = 128
_HTTP_VERSIONS = ("http1.1", "http2", "http3", "http2and3")
_PRICE_CLASSES = ("PriceClass_100", "PriceClass_200", "PriceClass_All", "None")
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

    def check(self, config: dict[str, Any], account: str, own: dict[str, Any] | None = None) -> None:
        """Refuse what the vendor refuses.

        Args:
            own: document of the distribution that is being updated; None for a new one.

        Raises:
            AwsError: with the vendor's code.
        """
        own_id = own["id"] if own else ""
        _check_origins(config)
        _check_errors(config)
        _check_words(config)
        behaviors = [config["DefaultCacheBehavior"], *config["CacheBehaviors"].get("Items", [])]
        targets = {o["Id"] for o in config["Origins"]["Items"]} | {
            g["Id"] for g in config["OriginGroups"].get("Items", [])
        }
        for behavior in behaviors:
            if behavior["TargetOriginId"] not in targets:
                raise AwsError(404, "NoSuchOrigin", "One or more of your origins or origin groups do not exist.")
            self._check_behavior(behavior, account, own_id)
        self._check_aliases(config, own)
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

    def _check_aliases(self, config: dict[str, Any], own: dict[str, Any] | None) -> None:
        aliases = [alias.lower() for alias in config["Aliases"].get("Items", [])]
        if len(aliases) > _MOSTALIASES:
            raise AwsError(
                400, "TooManyDistributionCNAMEs", "Your request contains more CNAMEs than are allowed per distribution."
            )
        for alias in aliases:
            if not ALIAS.match(alias) or len(alias) > 253 or len(set(aliases)) < len(aliases):
                raise AwsError(
                    400, "InvalidArgument", "The parameter CNAME contains one or more parameters that are not valid."
                )
            if self._index.owner_of_alias(alias) not in (None, own and own["id"]):
                taken = "One or more of the CNAMEs you provided are already associated with a different resource."
                raise AwsError(409, "CNAMEAlreadyExists", taken)
            held = own["config"]["Aliases"].get("Items", []) if own else []
            target = leads_to(self._store, alias)
            # Only what is added is judged; the other distribution may be gone (terraform-provider-aws#8734).
            if alias not in map(str.lower, held) and target not in (None, own and own["domain"]):
                raise AwsError(409, "CNAMEAlreadyExists", _LEADS_ELSEWHERE)

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
        if not all(covers(certificate["names"], alias) for alias in aliases):
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


def _check_errors(config: dict[str, Any]) -> None:
    """CloudFront developer guide, "Generate custom error responses"."""
    responses = config["CustomErrorResponses"].get("Items", [])
    codes = [response["ErrorCode"] for response in responses]
    if len(set(codes)) < len(codes) or not set(codes) <= _ERROR_STATUSES:
        raise AwsError(400, "InvalidErrorCode", "An invalid error code was specified.")
    for response in responses:
        if bool(response.get("ResponsePagePath")) != bool(response.get("ResponseCode")):
            raise AwsError(400, "InvalidResponseCode", "A response code and a response page are given together.")
        if not 0 <= response.get("ErrorCachingMinTTL", 0) <= 31536000:
            raise AwsError(400, "InvalidTTLOrder", "The order of TTL values is not valid.")


def _check_words(config: dict[str, Any]) -> None:
    if len(config["Comment"]) > _LONGEST_COMMENT:
        raise AwsError(400, "InvalidArgument", f"The parameter Comment is longer than {_LONGEST_COMMENT} characters.")
    # The API takes HttpVersion in any case; the real provider writes it in lower case.
    if config["HttpVersion"].lower() not in _HTTP_VERSIONS:
        raise AwsError(400, "InvalidArgument", "The parameter HttpVersion is invalid.")
    if config["PriceClass"] not in _PRICE_CLASSES:
        raise AwsError(400, "InvalidArgument", "The parameter PriceClass is invalid.")


def covers(names: list[str], alias: str) -> bool:
    """RFC 6125 §6.4.3: a wildcard stands for exactly one leftmost label."""
    return alias in names or f"*.{alias.partition('.')[2]}" in names
