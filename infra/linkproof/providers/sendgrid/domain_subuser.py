"""That a subuser sends from a domain of its account: the one of that name that is valid."""

from __future__ import annotations

from typing import Any, ClassVar
from urllib.parse import urlencode

from linkproof.providers.protocol.base import Patience, ProviderError, State
from linkproof.providers.protocol.schema import NAME, TEXT, obj, replacing, required
from linkproof.providers.protocol.values import Properties
from linkproof.providers.sendgrid.kind import Kind
from linkproof.senders.sendgrid.api import SendGridError, UnknownOutcomeError, Waiting

TOKEN = "sendgrid:index:DomainSubuser"
_ROOT = "whitelabel/domains"
_MOST = 50


class DomainSubuser(Kind):
    """Its id is the subuser's name: a subuser is given one domain of its account's by this call of the API."""

    token = TOKEN
    schema = obj({"domain": required(NAME), "username": required(replacing(TEXT))})
    computed = ("domainId",)
    volatile: ClassVar[tuple[str, ...]] = ("domainId",)

    def create(self, inputs: Properties, patience: Patience) -> State:
        """Raises:
        ProviderError: the account has no such valid domain, or several, or the subuser has another.
        """
        held = self._domain_of(str(inputs["username"]), patience)
        if held is not None and held["domain"] != str(inputs["domain"]).lower():
            raise ProviderError(
                f"subuser {inputs['username']} has domain {held['domain']}, which would be taken from it",
                f"if this stack is to own that: `pulumi import {TOKEN} NAME {inputs['username']}`, and the next `pulumi up` changes it",
            )
        return self._associated(inputs, held, patience)

    def read(self, resource_id: str, outputs: Properties) -> State | None:
        held = self._domain_of(resource_id, self.session.reading())
        return None if held is None else _state(resource_id, held)

    def update(self, resource_id: str, old_outputs: Properties, inputs: Properties, patience: Patience) -> State:
        return self._associated(inputs, self._domain_of(resource_id, patience), patience)

    def delete(self, resource_id: str, outputs: Properties, patience: Patience) -> None:
        """Only what is still as it was made: another domain is somebody's decision."""
        held = self._domain_of(resource_id, patience)
        if held is None or held["domain"] != outputs.get("domain"):
            return
        try:
            self.api.call("DELETE", f"{_ROOT}/subuser?{urlencode({'username': resource_id})}", patience)
        except SendGridError as error:
            if error.status != 404:
                raise

    def _associated(self, inputs: Properties, held: dict[str, Any] | None, patience: Patience) -> State:
        username, domain = str(inputs["username"]), str(inputs["domain"]).lower()
        if held is not None and held["domain"] == domain:
            return _state(username, held)
        wanted = self._valid(domain, patience)
        state = _state(username, wanted)
        try:
            self.api.call("POST", f"{_ROOT}/{wanted['id']}/subuser", patience, {"username": username})
        except UnknownOutcomeError as error:
            try:
                seen = self._domain_of(username, self.session.last_look())
            except SendGridError as unseen:
                raise self.after_post(state, unseen) from None
            if seen is None or seen["id"] != wanted["id"]:
                raise ProviderError(error.problem, error.fix) from None
        return state

    def _valid(self, domain: str, waiting: Waiting) -> dict[str, Any]:
        query = {"domain": domain, "limit": str(_MOST)}
        found = self.api.call("GET", _ROOT, waiting, query=query)
        listed = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
        valid = [one for one in listed if str(one.get("domain")).lower() == domain and one.get("valid") is True]
        if len(valid) != 1:
            raise ProviderError(
                f"the account has {len(valid) or 'no'} valid authenticated domain{'s' if len(valid) > 1 else ''} {domain}",
                "give the subuser the right one in the console, which is then taken as it is"
                if valid
                else "authenticate it first: write `subdomain`, or see why its page in the console says that it is not valid",
            )
        return valid[0]

    def _domain_of(self, username: str, waiting: Waiting) -> dict[str, Any] | None:
        try:
            found = self.api.call("GET", f"{_ROOT}/subuser", waiting, query={"username": username})
        except SendGridError as error:
            if error.status == 404:
                return None
            raise
        if not isinstance(found, dict) or not found.get("id"):
            return None
        return {**found, "domain": str(found.get("domain")).lower()}


def _state(username: str, held: dict[str, Any]) -> State:
    inputs: Properties = {"domain": str(held["domain"]).lower(), "username": username}
    return State(username, inputs, {"domainId": str(held["id"])})
