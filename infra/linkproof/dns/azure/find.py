"""Finding an Azure DNS record set, and proving that it is the one that this stack was creating."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from linkproof.contract.find import Candidate, Finder
from linkproof.dns.azure.facts import API_VERSION
from linkproof.dns.azure.record_set import MARK
from linkproof.dns.azure.state import RECORD_TYPE
from linkproof.ownership import is_marked

if TYPE_CHECKING:
    from linkproof.vendors.azure.client import AzureClient

WITHOUT_OBJECT: frozenset[str] = frozenset()


def records(inputs: Mapping[str, Any], client: AzureClient) -> Iterator[Candidate]:
    """Ours when its metadata has the mark that it was made with."""
    id_ = record_id(
        client,
        f"{inputs['resourceGroupName']}/{inputs['zoneName']}",
        inputs["relativeRecordSetName"],
        inputs["recordType"],
    )
    found = client.find(id_, API_VERSION)
    if found is not None:
        name = f"{inputs['relativeRecordSetName']} {inputs['recordType']} in {inputs['zoneName']}"
        yield Candidate(f"record set {name}", id_, _doubt(found, inputs))


def zone_path(client: AzureClient, zone_id: str) -> str:
    """Args:
    zone_id: as the declaration has it, `group/zone`.
    """
    group, _, zone = zone_id.partition("/")
    return f"{client.root}/resourceGroups/{group}/providers/Microsoft.Network/dnsZones/{zone}"


def record_id(client: AzureClient, zone_id: str, relative_name: str, rtype: str) -> str:
    """Of a record set, from `/subscriptions/` on."""
    return f"{zone_path(client, zone_id)}/{rtype}/{relative_name}"


def _doubt(found: Mapping[str, Any], inputs: Mapping[str, Any]) -> str:
    wanted = (inputs.get("metadata") or {}).get(MARK)
    says = ((found.get("properties") or {}).get("metadata") or {}).get(MARK)
    if is_marked(wanted) and says == wanted:
        return ""
    return f"its metadata says {says or 'nothing'}, not {wanted or 'whose it is'}"


FINDERS: Mapping[str, Finder] = {RECORD_TYPE: records}
