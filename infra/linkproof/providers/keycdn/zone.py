"""A pull zone with a certificate of the user's own."""

from __future__ import annotations

from typing import Any, ClassVar

from linkproof.edges.keycdn.api import KeyCdnApi, KeyCdnError, UnknownOutcomeError, found_or_none
from linkproof.edges.keycdn.facts import SETTINGS
from linkproof.errors import LinkproofError
from linkproof.providers.protocol.base import Patience, ProviderError, State
from linkproof.providers.protocol.kind import Kind, exists
from linkproof.providers.protocol.schema import TEXT, TEXT_MAP, obj, required
from linkproof.providers.protocol.session import ApiSession
from linkproof.providers.protocol.values import Properties

TOKEN = "keycdn:index:Zone"
_POSTS = 3


class Zone(Kind):
    """Its id is KeyCDN's number.

    `settings` has the API's own names and values; what is not named there stays as the vendor makes it. The key of the certificate is
    written and never read back. `suffix` is what the zone's own name ends with, which the API does not say: kept for whoever reads the state.
    """

    token = TOKEN
    schema = obj(
        {
            "name": required(TEXT),
            "originUrl": required(TEXT),
            "suffix": required(TEXT),
            "settings": TEXT_MAP,
            "certificate": required(TEXT),
            "certificateKey": required(TEXT),
        }
    )
    local = ("suffix", "certificateKey")
    secrets = ("certificateKey",)
    fixed: ClassVar[dict[str, str]] = {"name": "hosts lead to the zone by its name"}

    def __init__(self, session: ApiSession[KeyCdnApi]) -> None:
        self.session = session
        self.api = session.api

    def create(self, inputs: Properties, patience: Patience) -> State:
        """Look, then make it; a call whose outcome is not known is looked after before anything else.

        Raises:
            ProviderError: there is a zone of this name, or KeyCDN refuses.
        """
        name = str(inputs["name"])
        if (held := self._named(name, patience)) is not None:
            raise exists(f"zone {name}", TOKEN, name, str(held["id"]), "KeyCDN")
        for _ in range(_POSTS):
            try:
                made = self.api.call("POST", "zones", patience, {"name": name, **_body(inputs)}).get("zone")
            except UnknownOutcomeError:
                made = self._after_unknown(name)
            except KeyCdnError as error:
                raise _without_key(error, inputs) from None
            if made:
                return self._state(made, inputs)
        raise ProviderError(f"KeyCDN did not make zone {name}, and did not say why", "run the same command again")

    def read(self, resource_id: str, outputs: Properties) -> State | None:
        held = found_or_none(self.api, resource_id, self.session.reading())
        return None if held is None else self._state(held, outputs)

    def update(self, resource_id: str, old_outputs: Properties, inputs: Properties, patience: Patience) -> State:
        try:
            self.api.call("PUT", f"zones/{resource_id}", patience, _body(inputs))
        except KeyCdnError as error:
            raise _without_key(error, inputs) from None
        held = found_or_none(self.api, resource_id, patience)
        if held is None:
            raise ProviderError(f"zone {inputs['name']} is gone", "run `pulumi refresh`, and the same command again")
        return self._state(held, inputs)

    def delete(self, resource_id: str, outputs: Properties, patience: Patience) -> None:
        try:
            self.api.call("DELETE", f"zones/{resource_id}", patience)
        except KeyCdnError as error:
            if error.status != 404:
                raise

    def _named(self, name: str, patience: Patience) -> dict[str, Any] | None:
        return next((one for one in self.api.listed("zones", patience) if one.get("name") == name), None)

    def _after_unknown(self, name: str) -> dict[str, Any] | None:
        # nobody had a zone of this name a moment ago: what is there now is what this call has made
        try:
            return self._named(name, self.session.last_look())
        except LinkproofError as error:
            raise ProviderError(
                f"whether zone {name} was made is not known: {error}",
                "run the same command again: it looks first, and prints how to import what it finds",
            ) from None

    def _state(self, held: dict[str, Any], given: Properties) -> State:
        """Args:
        given: inputs, or outputs of before: which settings are wanted, and what KeyCDN does not hold; empty for an import.
        """
        names = given.get("settings") or SETTINGS
        inputs: Properties = {
            "name": held.get("name"),
            "originUrl": held.get("originurl"),
            "settings": {name: str(held[name]) for name in names if held.get(name) is not None},
            # an answer without it says nothing against what was given
            "certificate": held.get("customsslcert") or given.get("certificate"),
        }
        inputs |= {name: given[name] for name in self.local if name in given}
        return State(str(held["id"]), inputs)


def _body(inputs: Properties) -> dict[str, Any]:
    return {
        **(inputs.get("settings") or {}),
        "originurl": inputs["originUrl"],
        "customsslcert": inputs["certificate"],
        "customsslkey": inputs["certificateKey"],
    }


def _without_key(error: KeyCdnError, inputs: Properties) -> ProviderError:
    return ProviderError(error.problem.replace(str(inputs["certificateKey"]).strip(), "[key]"), error.fix)
