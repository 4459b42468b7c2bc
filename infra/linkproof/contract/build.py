"""What a plug-in's `component.py` is given, and gives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from linkproof.contract.declared import Zone
from linkproof.contract.items import Item, Record
from linkproof.contract.values import Late

if TYPE_CHECKING:
    import pulumi


def records_by_item(records: Sequence[Record], output: str) -> dict[str, Record]:
    """By the item whose output names it, the records that one component publishes: another edge of the same host has its own.

    Args:
        output: which output is the record's name.
    """
    return {
        record.name.item: record for record in records if isinstance(record.name, Late) and record.name.output == output
    }


class Publish(Protocol):
    """Make one record, wherever its zone is served; None where people write it."""

    def __call__(
        self,
        record: Record,
        name: pulumi.Input[str],
        value: pulumi.Input[str],
        *,
        parent: pulumi.Resource | None = None,
    ) -> pulumi.CustomResource | None: ...


@dataclass(slots=True)
class Building:
    """One run of the program.

    Args:
        provider: of a vendor's account.
        publish: makes a record; only for records that a component groups: the rest are made for it.
        zone: by name.
        account: options and secrets of a vendor's account, in the vendor's own forms.
        owner: the stack's mark, by which an object at a vendor is proved to be its.
        late: filled by components: each late-bound value of their items, a fully qualified name with trailing dot.
        made: filled by components: resources by the `resource` of their items, for what must stand after them.
        records: filled by components: the records that they have published.
    """

    provider: Callable[[str, str], pulumi.ProviderResource]
    publish: Publish
    zone: Callable[[str], Zone]
    account: Callable[[str, str], tuple[Any, Any]]
    owner: str
    late: dict[Late, pulumi.Output[str]] = field(default_factory=dict)
    made: dict[str, list[pulumi.Resource]] = field(default_factory=dict)
    records: list[pulumi.Resource] = field(default_factory=list)


class EdgeComponent(Protocol):
    """`component.py` of an edge, or of a sender: imports its SDK, and so is imported only when it has something to make."""

    def build(self, items: Sequence[Item], records: Sequence[Record], building: Building) -> None:
        """Make the plug-in's own items.

        Args:
            items: those of this plug-in that are ours.
            records: of the plan, with a late name: each belongs to the component whose item its name is of (`records_by_item`).

        It is called a second time where objects stand after records.
        """


class DnsComponent(Protocol):
    """`component.py` of a DNS host."""

    def publish(
        self,
        record: Record,
        zone: Zone,
        name: pulumi.Input[str],
        value: pulumi.Input[str],
        provider: pulumi.ProviderResource,
        owner: str,
        options: pulumi.ResourceOptions,
    ) -> pulumi.CustomResource: ...
