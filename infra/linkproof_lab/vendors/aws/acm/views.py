"""Certificates as the API shows them. Times are seconds since the epoch (AWS JSON 1.1)."""

from __future__ import annotations

from typing import Any

_CA = "Linkproof Lab"


def detail(doc: dict[str, Any], users: list[str]) -> dict[str, Any]:
    """`CertificateDetail`.

    Args:
        users: ARNs of the distributions that use it.
    """
    shown: dict[str, Any] = {
        "CertificateArn": doc["arn"],
        "DomainName": doc["domain"],
        "SubjectAlternativeNames": doc["names"],
        "DomainValidationOptions": [_option(option) for option in doc["options"]],
        "Subject": f"CN={doc['domain']}",
        "Issuer": _CA,
        "CreatedAt": doc["created_at"],
        "Status": doc["status"],
        "KeyAlgorithm": doc["key_algorithm"].replace("_", "-")
        if doc["key_algorithm"].startswith("RSA")
        else doc["key_algorithm"],
        "SignatureAlgorithm": "SHA256WITHRSA",
        "InUseBy": users,
        "Type": "AMAZON_ISSUED",
        "KeyUsages": [],
        "ExtendedKeyUsages": [],
        "RenewalEligibility": "ELIGIBLE" if users else "INELIGIBLE",
        "Options": {"CertificateTransparencyLoggingPreference": doc["transparency_logging"], "Export": doc["export"]},
    }
    if doc["status"] == "ISSUED":
        shown |= {"IssuedAt": doc["issued_at"], "NotBefore": doc["issued_at"], "NotAfter": doc["not_after"]}
        shown["Serial"] = _serial(doc["cert_pem"])
    if "failure_reason" in doc:
        shown["FailureReason"] = doc["failure_reason"]
    return shown


def summary(doc: dict[str, Any], *, in_use: bool) -> dict[str, Any]:
    """`CertificateSummary`."""
    shown = {
        "CertificateArn": doc["arn"],
        "DomainName": doc["domain"],
        "SubjectAlternativeNameSummaries": doc["names"],
        "HasAdditionalSubjectAlternativeNames": False,
        "Status": doc["status"],
        "Type": "AMAZON_ISSUED",
        "KeyAlgorithm": doc["key_algorithm"].replace("_", "-")
        if doc["key_algorithm"].startswith("RSA")
        else doc["key_algorithm"],
        "KeyUsages": [],
        "ExtendedKeyUsages": [],
        "InUse": in_use,
        "RenewalEligibility": "ELIGIBLE" if in_use else "INELIGIBLE",
        "CreatedAt": doc["created_at"],
    }
    if doc["status"] == "ISSUED":
        shown |= {"IssuedAt": doc["issued_at"], "NotBefore": doc["issued_at"], "NotAfter": doc["not_after"]}
    return shown


def _option(option: dict[str, Any]) -> dict[str, Any]:
    return {
        "DomainName": option["domain"],
        "ValidationDomain": option["domain"],
        "ValidationStatus": option["status"],
        "ResourceRecord": {"Name": option["name"], "Type": "CNAME", "Value": option["value"]},
        "ValidationMethod": "DNS",
    }


def _serial(pem: str) -> str:
    from cryptography import x509

    digits = f"{x509.load_pem_x509_certificate(pem.encode()).serial_number:x}"
    digits = digits.zfill(len(digits) + len(digits) % 2)
    return ":".join(digits[at : at + 2] for at in range(0, len(digits), 2))
