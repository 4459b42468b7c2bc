"""What links and domains have alike: a document of a user, of which one is the default, and which subusers may use."""

from __future__ import annotations

from typing import Any

from linkproof_lab.senders.sendgrid.control_plane import validation
from linkproof_lab.senders.sendgrid.control_plane.contract import Answer, Call, User, not_found, text
from linkproof_lab.senders.sendgrid.control_plane.users import user_of
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store


class Owned:
    """Documents of one kind, each by its id.

    Args:
        kind: in the store.
        noun: as the API's errors call one.
    """

    def __init__(self, settings: LabSettings, store: Store, kind: str, noun: str) -> None:
        self._settings = settings
        self._store = store
        self._kind = kind
        self._noun = noun

    def view(self, one: dict[str, Any]) -> dict[str, Any]:
        """As the API shows it."""
        raise NotImplementedError

    def of(self, user: User) -> list[dict[str, Any]]:
        return [one for _, one in self._store.all(self._kind) if one["username"] == user.username]

    def found(self, user: User, number: str) -> dict[str, Any]:
        """Raises:
        SendGridError: the user has none of this id.
        """
        found = self._store.get(self._kind, number)
        if found is None or found["username"] != user.username:
            raise not_found(self._noun)
        return found

    def put(self, one: dict[str, Any]) -> dict[str, Any]:
        self._store.put(self._kind, str(one["id"]), one)
        return one

    def as_default(self, one: dict[str, Any]) -> dict[str, Any]:
        """In place of the one that was the default."""
        for _, other in self._store.all(self._kind):
            if other["username"] == one["username"] and other["default"] and other["id"] != one["id"]:
                self.put({**other, "default": False})
        return self.put({**one, "default": True})

    async def validated(self, one: dict[str, Any], wanted: dict[str, Any]) -> tuple[bool, Answer]:
        """What DNS says now counts, whatever was valid before.

        Args:
            wanted: the records by their roles.
        """
        results = await validation.results(self._settings, wanted)
        valid = all(result["valid"] for result in results.values())
        self.put({**one, "valid": valid, "records_valid": {name: result["valid"] for name, result in results.items()}})
        return valid, Answer(200, {"id": one["id"], "valid": valid, "validation_results": results})

    # subusers ----------------------------------------------------------------------------------
    def subuser_of(self, call: Call) -> User:
        """The one that the call names.

        Raises:
            SendGridError: the caller is a subuser, or has none of this name.
        """
        call.require_parent()
        subuser = user_of(self._store, text(call.body, "username", required=True))
        if subuser is None or subuser.parent != call.user.username:
            raise not_found("subuser")
        return subuser

    def assigned(self, one: dict[str, Any], username: str) -> dict[str, Any]:
        """A subuser uses one of a kind: it leaves the other."""
        for _, other in self._store.all(self._kind):
            if username in other["subusers"] and other["id"] != one["id"]:
                self._left(other, username)
        return self.put({**one, "subusers": list(dict.fromkeys([*one["subusers"], username]))})

    def by_subuser(self, call: Call) -> Answer:
        """GET gives the one that a subuser uses, DELETE takes it away.

        Raises:
            SendGridError: the caller is a subuser, or the named one uses none.
        """
        call.require_parent()
        username = call.query.get("username", "")
        found = [one for one in self.of(call.user) if username in one["subusers"]]
        if not found:
            raise not_found(self._noun)
        if call.method == "GET":
            return Answer(200, self.view(found[0]))
        for one in found:
            self._left(one, username)
        return Answer(204)

    def _left(self, one: dict[str, Any], username: str) -> None:
        self.put({**one, "subusers": [name for name in one["subusers"] if name != username]})
