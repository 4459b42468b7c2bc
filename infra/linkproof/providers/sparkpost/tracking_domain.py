"""A tracking domain: made, verified by SparkPost's own request to the host, and told by which scheme to write links."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from linkproof.errors import LinkproofError
from linkproof.providers.protocol.base import Patience, ProviderError, State
from linkproof.providers.protocol.kind import exists
from linkproof.providers.protocol.schema import FLAG, NAME, TEXT, obj, required
from linkproof.providers.protocol.values import Properties
from linkproof.providers.sparkpost.certificate import Certificates
from linkproof.providers.sparkpost.kind import Kind, id_of
from linkproof.providers.sparkpost.session import Session
from linkproof.senders.sparkpost.api import (
    TRACKING,
    SparkPostError,
    UnknownOutcomeError,
    domain_at,
    error_code,
    existing,
    found_or_none,
    is_certified,
    is_verified,
    joined_id,
    parted_id,
    tls_status,
)

TOKEN = "sparkpost:index:TrackingDomain"
_POSTS = 3
_UNREACHED = 400  # SparkPost's own request to the host has failed (code 1404)


class TrackingDomain(Kind):
    """`verified` says that it must be: then it is verified again whenever it is not, which changes nothing where it is.

    `managedCertificate` says that SparkPost is to have a certificate for the host, which leads to `expectedTarget` then; one that is lost
    is read as none, and asked for again. What SparkPost has once begun to manage it goes on with: no call that ends it is documented.
    """

    token = TOKEN
    schema = obj(
        {
            "domain": required(NAME),
            "subaccount": TEXT,
            "secure": FLAG.but(default=False),
            "default": FLAG,
            "verified": FLAG,
            "managedCertificate": FLAG,
            "expectedTarget": NAME,
        }
    )
    local = ("expectedTarget",)
    computed = (
        "cnameStatus", "complianceStatus", "isDefault", "isVerified", "port", "tlsStatus", "certificateError", "certificateEnds",
    )  # fmt: skip
    volatile = computed
    default_seconds = 900

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._certificates = Certificates(session)

    def problems(self, inputs: Properties) -> Iterator[tuple[str, str]]:
        yield from super().problems(inputs)
        subaccount = inputs.get("subaccount")
        if isinstance(subaccount, str) and not subaccount.isdecimal():
            yield "subaccount", f"{subaccount} is no number of a subaccount"
        if inputs.get("verified") is False:
            yield "verified", "what is verified stays so: leave it out, or say true"
        if inputs.get("managedCertificate") is False:
            yield "managedCertificate", "no call that ends it is documented: leave it out, or say true"
        elif inputs.get("managedCertificate") is True and inputs.get("expectedTarget") is None:
            yield "expectedTarget", "say where the host leads before SparkPost gets a certificate for it"

    def create(self, inputs: Properties, patience: Patience) -> State:
        """Look, then make it; a call whose outcome is not known is looked after before anything else.

        Raises:
            ProviderError: the host is a tracking domain already.
            InitFailedError: it was made and is not verified.
        """
        id_ = id_of(inputs)
        if found_or_none(self.api, TRACKING, id_, patience) is not None:
            raise exists(f"tracking domain {inputs['domain']}", TOKEN, str(inputs["domain"]), id_, "SparkPost")
        for _ in range(_POSTS):
            held = self._post(id_, inputs, patience)
            if held is None:
                continue
            try:
                held = self._settled(id_, held, inputs, patience)
            except LinkproofError as error:
                raise self.after_post(self._state(id_, held, inputs), error) from None
            return self._state(id_, held, inputs)
        raise ProviderError(
            f"SparkPost did not make tracking domain {inputs['domain']}, and did not say why",
            "run the same command again",
        )

    def read(self, resource_id: str, outputs: Properties) -> State | None:
        held = found_or_none(self.api, TRACKING, resource_id, self.session.reading())
        return None if held is None else self._state(resource_id, held, outputs)

    def update(self, resource_id: str, old_outputs: Properties, inputs: Properties, patience: Patience) -> State:
        """Raises:
        ProviderError: it is gone, or SparkPost refuses; links are then written as before.
        """
        held = existing(self.api, resource_id, patience)
        return self._state(resource_id, self._settled(resource_id, held, inputs, patience), inputs)

    def delete(self, resource_id: str, outputs: Properties, patience: Patience) -> None:
        subaccount, domain = parted_id(resource_id)
        try:
            self.api.call("DELETE", domain_at(TRACKING, domain), patience, subaccount=subaccount)
        except SparkPostError as error:
            if error.status != 404:
                raise

    def _post(self, id_: str, inputs: Properties, patience: Patience) -> dict[str, Any] | None:
        """What was made; None where it certainly was not, and may be tried again. The answer has the name alone."""
        subaccount, domain = parted_id(id_)
        try:
            self.api.call("POST", TRACKING, patience, {"domain": domain, "secure": False}, subaccount=subaccount)
            return existing(self.api, id_, patience)
        except UnknownOutcomeError:
            pass
        # nobody had this host a moment ago: what is there now is what this call has made
        try:
            return found_or_none(self.api, TRACKING, id_, self.session.last_look())
        except LinkproofError as error:
            raise ProviderError(
                f"whether tracking domain {inputs['domain']} was made is not known: {error}",
                "run the same command again: it looks first, and prints how to import what it finds",
            ) from None

    def _settled(self, id_: str, held: dict[str, Any], inputs: Properties, patience: Patience) -> dict[str, Any]:
        """Verified, with its certificate, then told how to write; a scheme by which SparkPost cannot reach the host is taken back."""
        must_be_verified = inputs.get("verified") is True
        if must_be_verified and not is_verified(held):
            held = self._verified(id_, patience)
        secure = inputs.get("secure") is True
        if inputs.get("managedCertificate") is True:
            target = str(inputs["expectedTarget"]).lower().rstrip(".")
            held = self._certificates.hold(id_, held, target, patience, must_be_valid=secure)
        if bool(held.get("secure")) != secure:
            self._put(id_, {"secure": secure}, patience)
            if secure and must_be_verified:
                try:
                    held = self._verified(id_, patience)
                except LinkproofError:
                    self._put(id_, {"secure": False}, self.session.last_look())
                    raise
        wanted = inputs.get("default")
        if wanted is not None and bool(held.get("default")) != wanted:
            self._put(id_, {"default": wanted}, patience)
        return existing(self.api, id_, patience)

    def _verified(self, id_: str, patience: Patience) -> dict[str, Any]:
        """Asked again until it is: DNS may be late, and asking costs nothing.

        Raises:
            ProviderError: not in time, with SparkPost's own words.
        """
        subaccount, domain = parted_id(id_)
        pause_seconds, said = 0.5, ""
        while True:
            try:
                status = self.api.call("POST", f"{domain_at(TRACKING, domain)}/verify", patience, subaccount=subaccount)
                said = f"its CNAME is {(status or {}).get('cname_status') or 'not judged'}"
                if (status or {}).get("compliance_status") == "blocked":
                    raise ProviderError(
                        f"SparkPost has blocked tracking domain {domain}", "ask its compliance team why, in its console"
                    )
            except UnknownOutcomeError as error:
                said = error.problem
            except SparkPostError as error:
                if error.status != _UNREACHED:
                    raise
                said = error.problem
            held = existing(self.api, id_, patience)
            if is_verified(held):
                return held
            if patience.left_seconds() == 0:
                raise ProviderError(
                    f"SparkPost did not find tracking domain {domain} in order: {said}",
                    "see that its record leads to the region's tracking endpoint, or to an edge that `linkproof verify` has proven; its"
                    " resolver may hold an older answer: then run the same command again in some minutes",
                )
            patience.sleep(pause_seconds)
            pause_seconds = min(15.0, pause_seconds * 1.5)

    def _put(self, id_: str, body: dict[str, Any], patience: Patience) -> None:
        subaccount, domain = parted_id(id_)
        self.api.call("PUT", domain_at(TRACKING, domain), patience, body, subaccount=subaccount)

    def _state(self, id_: str, held: dict[str, Any], given: Properties) -> State:
        """Args:
        given: inputs, or outputs of before: which of the vendor's own values are wanted; empty for an import.
        """
        status = held.get("status") or {}
        subaccount = str(held.get("subaccount_id") or parted_id(id_)[0])
        inputs: Properties = {"domain": held.get("domain"), "secure": bool(held.get("secure"))}
        inputs |= {"subaccount": subaccount} if subaccount else {}
        if given.get("default") is not None or not given:
            inputs["default"] = bool(held.get("default"))
        if given.get("verified") is not None or (not given and is_verified(held)):
            inputs["verified"] = is_verified(held)
        if given.get("managedCertificate") is not None or (not given and is_certified(held)):
            inputs["managedCertificate"] = is_certified(held)
        inputs |= {name: given[name] for name in self.local if name in given}
        computed: Properties = {
            "cnameStatus": str(status.get("cname_status") or ""),
            "complianceStatus": str(status.get("compliance_status") or ""),
            "isDefault": bool(held.get("default")),
            "isVerified": is_verified(held),
            "port": held.get("port") or 0,
            "tlsStatus": tls_status(held),
            "certificateError": error_code(held),
            "certificateEnds": str((held.get("tls_certificate") or {}).get("expires_at") or ""),
        }
        return State(joined_id(subaccount, str(held.get("domain"))), inputs, computed)
