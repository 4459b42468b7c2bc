"""Certificates that a vendor holds for itself: issued once, kept in the store, renewed in time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from linkproof_lab import ca
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store
from linkproof_lab.web.contexts import Identity

KIND = "edge-certificate"
_RENEW_BEFORE = timedelta(days=30)


def kept_identity(settings: LabSettings, store: Store, key: str, names: list[str]) -> Identity:
    """The certificate kept under this key, issued now if there is none or it ends within 30 days."""
    doc = store.get(KIND, key)
    if doc is None or datetime.fromisoformat(doc["not_after"]) - datetime.now(UTC) < _RENEW_BEFORE:
        issued = ca.issue(settings, names, days=90, key="ec256")
        doc = {
            "names": names,
            "cert_pem": issued.cert_pem,
            "chain_pem": issued.chain_pem,
            "key_pem": issued.key_pem,
            "not_after": issued.not_after.isoformat(),
        }
        store.put(KIND, key, doc)
    return Identity.from_document(doc)
