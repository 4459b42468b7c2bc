"""HTTPS that SparkPost manages: a certificate that it gets from Let's Encrypt for a tracking domain, and renews.

Asked for only once every authoritative server leads the host to a managed endpoint: the authority's own request (HTTP-01) has to arrive
there. The calls are `certificate/check` and `certificate/enable` of developers.sparkpost.com/api/tracking-domains; what they answer is
not relied upon, the tracking domain is read after each.
"""

from __future__ import annotations

from typing import Any

from linkproof.providers.protocol.base import Patience, ProviderError
from linkproof.providers.sparkpost.session import Session
from linkproof.senders.sparkpost.api import (
    TRACKING,
    UnknownOutcomeError,
    domain_at,
    error_code,
    existing,
    is_certified,
    parted_id,
    tls_status,
)

_AN_EDGE = "let an edge of your own terminate HTTPS: name it in `edge`"
_READ_AGAIN = "see that the host leads to SparkPost's managed endpoint at every server, as a plain CNAME; then run the same command again"
# By SparkPost's own words, `error_code` of the certificate.
_FIX_BY_CODE = {
    "acme:rejected_identifier": f"Let's Encrypt signs nothing for this name, by rules of its own: {_AN_EDGE}",
    "acme:dns": _READ_AGAIN,
    "acme:unauthorized": f"Let's Encrypt's request to http://HOST did not arrive at SparkPost: {_READ_AGAIN}",
    "acme:temporary": "run the same command again in some minutes",
    "service:internal": "SparkPost itself failed: run the same command again in some minutes, then ask its support",
}
_FIX_BY_STATUS = {
    "unavailable": f"SparkPost offers no managed HTTPS for this name, for Let's Encrypt's rules: {_AN_EDGE}",
    "failed": _READ_AGAIN,
    "expired": f"its renewal failed: {_READ_AGAIN}",
}


class Certificates:
    """Of one account's tracking domains."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def hold(
        self, id_: str, held: dict[str, Any], target: str, patience: Patience, *, must_be_valid: bool
    ) -> dict[str, Any]:
        """Have SparkPost get one, where it neither has nor gets one already.

        Args:
            held: the tracking domain, verified.
            target: the managed endpoint, without trailing dot.
            must_be_valid: wait until it is.

        Returns:
            The tracking domain as it is then.

        Raises:
            ProviderError: the host leads elsewhere, or SparkPost says that there is none, or not in time.
        """
        if not is_certified(held):
            held = self._enabled(id_, target, patience)
        pause_seconds = 1.0
        while must_be_valid and tls_status(held) != "valid":
            self._refuse_lost(id_, held)
            if patience.left_seconds() == 0:
                raise ProviderError(
                    f"SparkPost has no certificate for {parted_id(id_)[1]} yet: its status is {tls_status(held)}",
                    "links are written as before. It takes about 15 minutes: step once `linkproof verify` does not say"
                    " tls.own-https-missing any more; after half an hour see that CAA allows letsencrypt.org",
                )
            patience.sleep(pause_seconds)
            pause_seconds = min(15.0, pause_seconds * 1.5)
            held = existing(self._session.api, id_, patience)
        self._refuse_lost(id_, held)
        return held

    def _enabled(self, id_: str, target: str, patience: Patience) -> dict[str, Any]:
        domain = parted_id(id_)[1]
        missing = "the host at SparkPost's managed endpoint, so no certificate was asked for"
        self._session.authorities.wait_for({domain: target}, patience, missing)
        self._ask(id_, "certificate/check", patience)
        held = existing(self._session.api, id_, patience)
        if tls_status(held) == "unavailable":
            self._refuse_lost(id_, held)
        try:
            self._ask(id_, "certificate/enable", patience)
        except UnknownOutcomeError as error:
            held = existing(self._session.api, id_, self._session.last_look())
            if not is_certified(held):
                raise ProviderError(str(error.problem), "run the same command again: it looks first") from None
        return existing(self._session.api, id_, patience)

    def _ask(self, id_: str, what: str, patience: Patience) -> None:
        subaccount, domain = parted_id(id_)
        self._session.api.call("POST", f"{domain_at(TRACKING, domain)}/{what}", patience, subaccount=subaccount)

    def _refuse_lost(self, id_: str, held: dict[str, Any]) -> None:
        status, code, domain = tls_status(held), error_code(held), parted_id(id_)[1]
        fix = _FIX_BY_STATUS.get(status)
        if fix is None:
            return
        said = f"{status}, {code}" if code else status
        raise ProviderError(
            f"SparkPost's certificate for {domain}: {said}", _FIX_BY_CODE.get(code, fix).replace("HOST", domain)
        )
