"""Certificates by ARN, for edges."""

from __future__ import annotations

from typing import Any

from linkproof_lab.store import Store

KIND = "acm-certificate"


def certificate_for(store: Store, arn: str) -> dict[str, Any] | None:
    """An issued certificate.

    Returns:
        `{"cert_pem", "chain_pem", "key_pem", "names"}`, or None if there is none or it is not issued.
    """
    doc = store.get(KIND, arn)
    if doc is None or doc["status"] != "ISSUED":
        return None
    return {
        "cert_pem": doc["cert_pem"],
        "chain_pem": doc["chain_pem"],
        "key_pem": doc["key_pem"],
        "names": list(doc["names"]),
    }
