"""HTTPS that SparkPost manages: a tracking domain's certificate, from Let's Encrypt by HTTP-01.

developers.sparkpost.com/api/tracking-domains has the two calls and the states; what the calls answer could not be read, so here it is the
status object, as of `verify`. By support.sparkpost.com/docs/tech-resources/managed-https-for-tracking-domains: a name that Let's Encrypt's
rules exclude is `unavailable`, a host that leads elsewhere `failed`, one whose CAA forbids the authority stays `pending`, a renewal that
failed is `expired`, and the domain has to be verified first. Documents of kind `sparkpost-certificate` are by host.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import Any

from linkproof_lab.senders.sparkpost.facts import MANAGED
from linkproof_lab.senders.sparkpost.links import CERTIFICATE_KIND, DOMAIN_KIND
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store
from linkproof_lab.vendors.aws.acm.ask import Asker, NoAnswerError

_log = logging.getLogger(__name__)
_EVERY_SECONDS = 0.3
_AUTHORITY = "letsencrypt.org"
REJECTED = "acme:rejected_identifier"
# Names that Let's Encrypt signs nothing for: the lab's stand-in for its lists.
POLICY_KIND = "letsencrypt-refuses"


def check(store: Store, domain: str, held: dict[str, Any]) -> dict[str, Any]:
    """What `certificate/check` finds out: whether there can be one at all."""
    if store.get(POLICY_KIND, domain) is not None:
        return {**held, "tls_status": "unavailable", "error_code": REJECTED}
    return {**held, "tls_status": "unknown", "error_code": ""} if held.get("tls_status") == "unavailable" else held


def enabled(held: dict[str, Any]) -> dict[str, Any]:
    """After `certificate/enable`: nothing where there is one already."""
    if held.get("managed") and held.get("tls_status") in ("pending", "valid"):
        return held
    return {**held, "managed": True, "tls_status": "pending", "error_code": ""}


class Certificates:
    """One background task for all tracking domains whose certificate is to come."""

    def __init__(self, settings: LabSettings, store: Store) -> None:
        self._settings = settings
        self._store = store
        self._asker = Asker(settings, store)

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            for domain, held in self._store.all(DOMAIN_KIND):
                if held.get("tls_status") == "pending":
                    try:
                        await self.step(domain)
                    except Exception:
                        _log.exception("no certificate for %s", domain)
            await asyncio.sleep(_EVERY_SECONDS)

    async def step(self, domain: str) -> None:
        """Look once, and issue or give up."""
        with contextlib.suppress(NoAnswerError):
            held = self._store.get(DOMAIN_KIND, domain) or {}
            leads_to = await self._asker.cname(domain)
            if leads_to is None:
                self._put(domain, tls_status="failed", error_code="acme:dns")
            elif leads_to != MANAGED[held["region"]][0]:
                self._put(domain, tls_status="failed", error_code="acme:unauthorized")
            elif await self._asker.may_issue(domain, _AUTHORITY):
                from linkproof_lab.ca import issue

                issued = await asyncio.to_thread(issue, self._settings, [domain], days=90, key="ec256")
                pems = {"cert_pem": issued.cert_pem, "chain_pem": issued.chain_pem, "key_pem": issued.key_pem}
                self._store.put(CERTIFICATE_KIND, domain, pems)
                self._put(domain, tls_status="valid", error_code="", expires_at=issued.not_after.isoformat())

    def _put(self, domain: str, **changes: str) -> None:
        """Over what is there by now: calls of the API come in between. One that was deleted stays so."""
        held = self._store.get(DOMAIN_KIND, domain)
        if held is not None:
            self._store.put(DOMAIN_KIND, domain, {**held, **changes})
