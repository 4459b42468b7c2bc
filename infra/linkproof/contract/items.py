"""What the engine holds: DNS records, which every service has, and a plug-in's own objects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from linkproof.contract.dns import AliasTarget
from linkproof.contract.values import Value


class Item:
    """One object that a deployment makes. A plug-in's own kinds are frozen dataclasses below this class.

    Attributes:
        kind: what it is, in one or two words of the vendor's.
        engine_type: of the resource that holds it.
        resource: name of that resource, made from what the object is: renaming a key in the file changes nothing.
        account: the credentials that it is made with, by name.
        protect: the engine refuses to delete it: a link in use needs it, or it is where clicks and events arrive.
        needs: `resource` of each item that must exist before this one.
        may_be_copied: each stack of an account may have one of its own, and no click can tell which of them serves it.
    """

    __slots__ = ()

    kind: ClassVar[str]
    may_be_copied: ClassVar[bool] = False
    engine_type: str
    resource: str
    account: str
    protect: bool
    needs: tuple[str, ...] = ()

    @property
    def is_ours(self) -> bool:
        """Whether this stack makes it; otherwise people do, by what `plan` prints."""
        return True

    def leads_to(self) -> str:
        """Where it leads, for a line that says that it comes or goes; empty where that says nothing."""
        return ""

    def by_hand(self) -> tuple[str, ...]:
        """What people must do where it is not ours: a heading, and a line for each thing."""
        return ()


@dataclass(frozen=True, slots=True)
class Record(Item):
    """One DNS record.

    Args:
        id: of its expectation, `<link>/<role>`.
        path: the key in the declaration that asks for it.
        resource: name of the engine resource, made from what the record is.
        zone: name of the zone that holds it; of an account's or a server's own record a name in it, empty for the record's own:
            the plan finds it.
        name: without trailing dot.
        value: RDATA in presentation form, names with their trailing dot.
        ttl_seconds: as declared; a proxied record is served with its provider's own.
        proxied: the DNS host answers with its own addresses in place of the value.
        alias: the record is an alias of its value: the DNS host answers with the value's addresses, of IPv6 where the type
            is AAAA, and of IPv4 where it is CNAME, as which it is declared and judged.
        protect: the engine refuses to delete it: a link in use needs it, or it is where clicks and events arrive.
        resolve: whether the value must lead to an address.
        shared: others may have made the same record already, with the same value: it is taken, not refused.
        needs: `resource` of each item that must exist before this record points at it.
        families: of the addresses that the value must lead to.
        engine_type: the DNS host's; empty where people write the record. The plan fills it in, and the account.
    """

    kind: ClassVar[str] = "record"

    id: str
    path: str
    resource: str
    zone: str
    name: Value
    type: str
    value: Value
    ttl_seconds: int
    proxied: bool = False
    alias: AliasTarget | None = None
    protect: bool = False
    resolve: Literal["address", "txt", "none"] = "address"
    needs: tuple[str, ...] = ()
    shared: bool = False
    families: tuple[int, ...] = (4,)
    engine_type: str = ""
    account: str = ""

    @property
    def is_ours(self) -> bool:
        return bool(self.engine_type)

    @property
    def served(self) -> Literal["as-declared", "proxied", "alias"]:
        """How it is answered."""
        if self.alias is not None:
            return "alias"
        return "proxied" if self.proxied else "as-declared"

    def leads_to(self) -> str:
        return str(self.value)
