"""A zone alias: a host that a zone answers for."""

from __future__ import annotations

from typing import Any, ClassVar

from linkproof.edges.keycdn.api import KeyCdnApi, KeyCdnError, UnknownOutcomeError, alias_or_none
from linkproof.errors import LinkproofError
from linkproof.providers.protocol.base import Patience, ProviderError, State
from linkproof.providers.protocol.kind import Kind, exists
from linkproof.providers.protocol.schema import NAME, TEXT, obj, replacing, required
from linkproof.providers.protocol.session import ApiSession
from linkproof.providers.protocol.values import Properties

TOKEN = "keycdn:index:ZoneAlias"
_POSTS = 3


class ZoneAlias(Kind):
    """Its id is KeyCDN's number. Another zone or another host is another alias."""

    token = TOKEN
    schema = obj({"zoneId": required(replacing(TEXT)), "name": required(replacing(NAME))})
    fixed: ClassVar[dict[str, str]] = {}

    def __init__(self, session: ApiSession[KeyCdnApi]) -> None:
        self.session = session
        self.api = session.api

    def create(self, inputs: Properties, patience: Patience) -> State:
        """Raises:
        ProviderError: a zone of the account has the host already, or KeyCDN refuses.
        """
        name = str(inputs["name"]).lower().rstrip(".")
        if (held := self._named(name, patience)) is not None:
            raise exists(f"zone alias {name}", TOKEN, name, str(held["id"]), "KeyCDN")
        body = {"zone_id": inputs["zoneId"], "name": name}
        for _ in range(_POSTS):
            try:
                made = self.api.call("POST", "zonealiases", patience, body).get("zonealias")
            except UnknownOutcomeError:
                made = self._after_unknown(name)
            if made:
                return _state({**body, **made})
        raise ProviderError(f"KeyCDN did not make zone alias {name}, and did not say why", "run the same command again")

    def read(self, resource_id: str, outputs: Properties) -> State | None:
        held = alias_or_none(self.api, resource_id, self.session.reading())
        return None if held is None else _state(held)

    def update(self, resource_id: str, old_outputs: Properties, inputs: Properties, patience: Patience) -> State:
        """Every change is another alias: there is nothing to bring it to."""
        held = alias_or_none(self.api, resource_id, patience)
        if held is None:
            raise ProviderError(
                f"zone alias {inputs['name']} is gone", "run `pulumi refresh`, and the same command again"
            )
        return _state(held)

    def delete(self, resource_id: str, outputs: Properties, patience: Patience) -> None:
        try:
            self.api.call("DELETE", f"zonealiases/{resource_id}", patience)
        except KeyCdnError as error:
            if error.status != 404:
                raise

    def _named(self, name: str, patience: Patience) -> dict[str, Any] | None:
        return next((one for one in self.api.listed("zonealiases", patience) if one.get("name") == name), None)

    def _after_unknown(self, name: str) -> dict[str, Any] | None:
        try:
            return self._named(name, self.session.last_look())
        except LinkproofError as error:
            raise ProviderError(
                f"whether zone alias {name} was made is not known: {error}",
                "run the same command again: it looks first, and prints how to import what it finds",
            ) from None


def _state(held: dict[str, Any]) -> State:
    return State(str(held["id"]), {"zoneId": str(held["zone_id"]), "name": str(held["name"])})
