"""A requested certificate: what is accepted, and which records prove its domains."""

from __future__ import annotations

import hashlib
import re
import time
from typing import Any

from linkproof_lab.vendors.aws.control_plane.calls import AwsError

_DOMAIN = re.compile(r"^(\*\.)?(((?!-)[A-Za-z0-9-]{0,62}[A-Za-z0-9])\.)+((?!-)[A-Za-z0-9-]{1,62}[A-Za-z0-9])$")
_KEY_ALGORITHMS = ("RSA_2048", "EC_prime256v1")
_MOST_NAMES = 10
# docs.aws.amazon.com/acm/latest/userguide/acm-public-certificates.html: not for domains that Amazon owns
_AMAZONS_OWN = (".amazonaws.com", ".cloudfront.net", ".elasticbeanstalk.com", ".elb.amazonaws.com.cn")


def new_certificate(arn: str, account: str, region: str, parameters: dict[str, Any]) -> dict[str, Any]:
    """The document of a certificate that waits for its proof.

    Args:
        parameters: as `RequestCertificate` takes them.

    Raises:
        AwsError: as the vendor would.
    """
    domain = _domain(parameters.get("DomainName"), "domainName")
    if len(domain) > 64:
        # RFC 5280 bounds the common name; a longer name can only be among the alternative names.
        raise AwsError(400, "InvalidParameterException", "The first domain name can be no longer than 64 octets.")
    others = parameters.get("SubjectAlternativeNames") or []
    names = list(dict.fromkeys([domain, *(_domain(name, "subjectAlternativeNames") for name in others)]))
    if len(names) > _MOST_NAMES:
        raise AwsError(400, "LimitExceededException", f"The maximum number of domain names is {_MOST_NAMES}.")
    if parameters.get("ValidationMethod", "EMAIL") != "DNS":
        raise AwsError(400, "InvalidParameterException", "the lab validates by DNS only: set ValidationMethod to DNS")
    key_algorithm = parameters.get("KeyAlgorithm", "RSA_2048")
    if key_algorithm not in _KEY_ALGORITHMS:
        raise AwsError(
            400, "ValidationException", f"the lab's CA issues for {' and '.join(_KEY_ALGORITHMS)}, not {key_algorithm}"
        )
    options = parameters.get("Options") or {}
    return {
        "arn": arn,
        "account": account,
        "region": region,
        "domain": domain,
        "names": names,
        "options": [
            {"domain": name, **validation_record(account, name), "status": "PENDING_VALIDATION"} for name in names
        ],
        "status": "PENDING_VALIDATION",
        "key_algorithm": key_algorithm,
        "token": parameters.get("IdempotencyToken", ""),
        "transparency_logging": options.get("CertificateTransparencyLoggingPreference", "ENABLED"),
        "export": options.get("Export", "DISABLED"),
        "tags": {tag["Key"]: tag.get("Value", "") for tag in parameters.get("Tags") or []},
        "created_at": time.time(),
    }


def validation_record(account: str, domain: str) -> dict[str, str]:
    """`name` and `value` of the CNAME that proves a domain: the same for each certificate of an account, and for its wildcard."""
    base = domain.removeprefix("*.").lower()
    name, value, middle = (
        hashlib.md5(f"{part}/{account}/{base}".encode()).hexdigest() for part in ("name", "value", "zone")
    )
    letters = middle.translate(str.maketrans("0123456789", "ghijklmnop"))[:10]
    return {"name": f"_{name}.{base}.", "value": f"_{value}.{letters}.acm-validations.aws."}


def _domain(text: Any, parameter: str) -> str:
    if not isinstance(text, str) or len(text) > 253 or not _DOMAIN.match(text):
        pattern = f"Member must satisfy regular expression pattern: {_DOMAIN.pattern}"
        problem = (
            f"1 validation error detected: Value '{text}' at '{parameter}' failed to satisfy constraint: {pattern}"
        )
        raise AwsError(400, "ValidationException", problem)
    if text.lower().endswith(_AMAZONS_OWN):
        raise AwsError(
            400, "InvalidParameterException", f"You can't request a certificate for the Amazon-owned domain {text}."
        )
    return text.lower()
