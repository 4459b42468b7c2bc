"""What CloudFront refuses in the configuration of a multi-tenant distribution.

Developer guide, "Understand how multi-tenant distributions work", unsupported features; "Quotas on multi-tenant distributions".
"""

from __future__ import annotations

from typing import Any

from linkproof_lab.edges.cloudfront.control_plane.index import is_multitenant
from linkproof_lab.vendors.aws.control_plane.calls import AwsError

_MOST_PARAMETERS = 5


def check_multitenant(config: dict[str, Any]) -> None:
    """Judge a configuration as it was given, before what was left out is filled in.

    Raises:
        AwsError: InvalidArgument, with the first member that is wrong.
    """
    if not is_multitenant(config):
        if config.get("TenantConfig"):
            _refuse("TenantConfig", "is for the connection mode tenant-only")
        return
    for member in ("PriceClass", "AnycastIpListId", "ContinuousDeploymentPolicyId"):
        if config.get(member) not in (None, "", "None"):
            _refuse(member)
    for member in ("IsIPV6Enabled", "Staging"):
        if config.get(member):
            _refuse(member)
    if config.get("Aliases", {}).get("Items"):
        _refuse("Aliases", "is given to a distribution tenant instead")
    if (config.get("Logging") or {}).get("Enabled"):
        _refuse("Logging")
    for behavior in [config["DefaultCacheBehavior"], *(config.get("CacheBehaviors") or {}).get("Items", [])]:
        _check_behavior(behavior)
    viewer = config.get("ViewerCertificate") or {}
    if viewer.get("SSLSupportMethod", "sni-only") != "sni-only":
        _refuse("SSLSupportMethod", "can only be sni-only")
    if viewer.get("IAMCertificateId"):
        _refuse("IAMCertificateId")
    if len((config.get("TenantConfig") or {}).get("ParameterDefinitions") or []) > _MOST_PARAMETERS:
        raise AwsError(400, "EntityLimitExceeded", "The entity limit has been exceeded: parameters.")


def _check_behavior(behavior: dict[str, Any]) -> None:
    for member in ("ForwardedValues", "MinTTL", "DefaultTTL", "MaxTTL"):
        if member in behavior:
            _refuse(member)
    if behavior.get("SmoothStreaming"):
        _refuse("SmoothStreaming")
    if (behavior.get("TrustedSigners") or {}).get("Enabled"):
        _refuse("TrustedSigners")


def _refuse(member: str, why: str = "is not supported for multi-tenant distributions") -> None:
    raise AwsError(400, "InvalidArgument", f"The parameter {member} {why}.")
