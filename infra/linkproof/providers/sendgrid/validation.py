"""Validating a brand: once, and only while DNS leads to the sender. After that it is only read.

SendGrid looks DNS up at each validation and takes a brand's validity away where it finds something else, as it does once the
click host has moved to an edge. So nothing here validates before every authoritative server was asked.
"""

from __future__ import annotations

from typing import Any, ClassVar

from linkproof.providers.protocol.base import Patience, ProviderError, State
from linkproof.providers.protocol.schema import TEXT, obj, replacing, required
from linkproof.providers.protocol.values import Properties
from linkproof.providers.sendgrid.kind import Kind
from linkproof.senders.sendgrid.api import UnknownOutcomeError
from linkproof.senders.sendgrid.brands import LINKS, found_or_none, parted_id
from linkproof.senders.sendgrid.domains import value_of

LINK_TOKEN = "sendgrid:index:LinkValidation"
DOMAIN_TOKEN = "sendgrid:index:DomainValidation"
_MISSING = "its records, so it was not validated"


class _Validation(Kind):
    """Its id is that of what it validates."""

    path: ClassVar[str]
    key: ClassVar[str]
    what: ClassVar[str]
    computed = ("results",)
    volatile = ("results",)
    default_seconds = 900

    def create(self, inputs: Properties, patience: Patience) -> State:
        """Raises:
        ProviderError: not every server has the records, or SendGrid found others.
        """
        resource_id = str(inputs[self.key])
        held = self._held(resource_id, patience)
        if held.get("valid") is not True:
            self._wait(held, patience)
            self._validate(resource_id, patience)
            held = self._held(resource_id, patience)
        return self._state(resource_id, held)

    def read(self, resource_id: str, outputs: Properties) -> State | None:
        """None also for what is not valid any more: then it has to be validated again, which only phase `branded` does."""
        subuser, id_ = parted_id(resource_id)
        held = found_or_none(self.api, f"{self.path}/{id_}", self.session.reading(), subuser)
        return self._state(resource_id, held) if held is not None and held.get("valid") is True else None

    def update(self, resource_id: str, old_outputs: Properties, inputs: Properties, patience: Patience) -> State:
        """Only reads."""
        return self._state(resource_id, self._held(resource_id, patience))

    def delete(self, resource_id: str, outputs: Properties, patience: Patience) -> None:
        """Nothing: what was validated stays valid."""

    def _held(self, resource_id: str, patience: Patience) -> dict[str, Any]:
        subuser, id_ = parted_id(resource_id)
        held = found_or_none(self.api, f"{self.path}/{id_}", patience, subuser)
        if held is None:
            raise ProviderError(
                f"{self.what} {resource_id} is gone", "run `pulumi refresh`, then see why it was deleted"
            )
        return held

    def _validate(self, resource_id: str, patience: Patience) -> None:
        """One call. Each record's own result counts: the one above them was seen to say otherwise."""
        subuser, id_ = parted_id(resource_id)
        try:
            said = self.api.call("POST", f"{self.path}/{id_}/validate", patience, subuser=subuser)
        except UnknownOutcomeError as error:
            if self._held(resource_id, self.session.last_look()).get("valid") is True:
                return
            raise ProviderError(str(error.problem), "run the same command again: it looks first") from None
        results = said.get("validation_results") if isinstance(said, dict) else None
        if not isinstance(results, dict) or not results:
            raise ProviderError(
                f"SendGrid validated {self.what} {resource_id} and gave no result of any record",
                "look at its page in the console",
            )
        wrong = [
            f"{name}: {one.get('reason') or 'not valid'}"
            for name, one in results.items()
            if one.get("valid") is not True
        ]
        if wrong:
            raise ProviderError(
                f"SendGrid did not find {self.what} {resource_id} valid: {'; '.join(wrong)}",
                "every authoritative server has the records, so its resolver may hold an older answer: run the same command again in some minutes",
            )

    def _wait(self, held: dict[str, Any], patience: Patience) -> None:
        """Until every authoritative server has its records."""
        self.session.authorities.wait_for(self._cnames(held), patience, _MISSING)

    def _cnames(self, held: dict[str, Any]) -> dict[str, str]:
        """Target by host of each CNAME."""
        found = {
            str(one["host"]).lower().rstrip("."): str(one["data"]).lower().rstrip(".")
            for one in (held.get("dns") or {}).values()
            if str(one.get("type")).lower() == "cname"
        }
        if not found:
            raise ProviderError(
                f"SendGrid names no record of {self.what} {held.get('id')}", "look at its page in the console"
            )
        return found

    def _state(self, resource_id: str, held: dict[str, Any]) -> State:
        results = {name: bool(one.get("valid")) for name, one in (held.get("dns") or {}).items()}
        return State(resource_id, {self.key: resource_id}, {"results": results})


class LinkValidation(_Validation):
    """Of a branded link."""

    token = LINK_TOKEN
    schema = obj({"linkId": required(replacing(TEXT))})
    path, key, what = LINKS, "linkId", "branded link"


class DomainValidation(_Validation):
    """Of an authenticated domain."""

    token = DOMAIN_TOKEN
    schema = obj({"domainId": required(replacing(TEXT))})
    path, key, what = "whitelabel/domains", "domainId", "authenticated domain"

    def _wait(self, held: dict[str, Any], patience: Patience) -> None:
        """Without automatic security there is no CNAME."""
        if held.get("automatic_security") is not False:
            super()._wait(held, patience)
            return
        found = [one for one in (held.get("dns") or {}).values() if isinstance(one, dict) and one.get("host")]
        kinds = [str(one.get("type")).upper() for one in found]
        self.session.authorities.wait_for_values(
            [
                (f"{one['host']}.", kind, value_of(kind, str(one["data"])))
                for one, kind in zip(found, kinds, strict=True)
            ],
            patience,
            _MISSING,
        )
