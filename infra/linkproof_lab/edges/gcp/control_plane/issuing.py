"""Follows managed certificates: asks DNS for the record of each authorization, and issues what is proven and allowed by CAA."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from linkproof_lab.edges.gcp.control_plane.objects import CERTIFICATES
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store
from linkproof_lab.vendors.aws.acm.ask import Asker, NoAnswerError

_log = logging.getLogger(__name__)
_EVERY_SECONDS = 0.3
# Public CA first, and Let's Encrypt where that may not (docs.cloud.google.com/certificate-manager/docs/how-it-works).
_ISSUERS = ("pki.goog", "letsencrypt.org")


class Issuer:
    """One background task for all certificates."""

    def __init__(self, settings: LabSettings, store: Store) -> None:
        self._settings = settings
        self._store = store
        self._asker = Asker(settings, store)

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            for path, doc in self._store.all(CERTIFICATES):
                if (doc.get("managed") or {}).get("state") == "PROVISIONING":
                    try:
                        await self.step(path)
                    except Exception:
                        _log.exception("certificate %s could not be followed", path)
            await asyncio.sleep(_EVERY_SECONDS)

    async def step(self, path: str) -> None:
        """Look once. What is not proven waits, and says why."""
        doc = self._store.get(CERTIFICATES, path)
        if doc is None:
            return
        failed = {}
        for domain in doc["managed"]["domains"]:
            reason = await self._missing(doc, domain)
            if reason:
                failed[domain] = reason
        pem = None if failed else await asyncio.to_thread(self._issue, list(doc["managed"]["domains"]))
        held = self._store.get(CERTIFICATES, path)
        if held is None:  # deleted while it was being issued
            return
        attempts = [{"domain": domain, "state": "FAILED", "failureReason": reason} for domain, reason in failed.items()]
        said: dict[str, Any] = {"state": "PROVISIONING" if failed else "ACTIVE", "authorizationAttemptInfo": attempts}
        if failed:
            said["provisioningIssue"] = {"reason": "AUTHORIZATION_ISSUE"}
        managed = {key: value for key, value in held["managed"].items() if key != "provisioningIssue"} | said
        changed = {**held, "managed": managed, **({"pem": pem} if pem else {})}
        if changed != held:
            self._store.put(CERTIFICATES, path, changed)

    async def _missing(self, doc: dict[str, Any], domain: str) -> str:
        """CONFIG or CAA, as the API calls it; empty where nothing is missing."""
        bare = domain.removeprefix("*.")
        try:
            for authorization in doc["managed"]["dnsAuthorizations"]:
                one = self._store.get(CERTIFICATES, authorization)
                if one is None or one["domain"] != bare:
                    continue
                record = one["dnsResourceRecord"]
                if await self._asker.cname(record["name"].rstrip(".")) != record["data"].rstrip("."):
                    return "CONFIG"
                allowed = [await self._asker.may_issue(bare, issuer) for issuer in _ISSUERS]
                return "" if any(allowed) else "CAA"
        except NoAnswerError as error:
            _log.info("%s waits: %s", domain, error)
        return "CONFIG"

    def _issue(self, names: list[str]) -> dict[str, str]:
        from linkproof_lab.ca import issue

        made = issue(self._settings, names, days=90, key="ec256")
        return {"cert_pem": made.cert_pem, "chain_pem": made.chain_pem, "key_pem": made.key_pem}
