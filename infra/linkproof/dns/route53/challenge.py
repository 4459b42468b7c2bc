"""A text for a CA's challenge at Route 53: one value of the name's TXT set. Others that stand there stay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from linkproof.errors import LinkproofError
from linkproof.rdata import plain, presented

if TYPE_CHECKING:
    from linkproof.vendors.aws.client import AwsClient

# A CA's resolver may keep it, and would then not see the text of the next order.
TTL_SECONDS = 10
# Somebody else may change the set between reading and writing it: then the whole change is refused, and it is read again.
_ATTEMPTS = 5
# "Changes generally propagate to all Route 53 servers within 60 seconds": asked every 2 s, for 5 minutes at most.
_SYNC = {"Delay": 2, "MaxAttempts": 150}


def add(client: AwsClient, zone_id: str, name: str, text: str) -> None:
    """Waits until Route 53 has told all of its servers."""
    _change(client, zone_id, name, presented("TXT", text), is_wanted=True)


def remove(client: AwsClient, zone_id: str, name: str, text: str) -> None:
    """A set whose last text it is goes as a whole."""
    _change(client, zone_id, name, presented("TXT", text), is_wanted=False)


def _change(client: AwsClient, zone_id: str, name: str, value: str, *, is_wanted: bool) -> None:
    service = client.service("route53")
    for attempt in range(1, _ATTEMPTS + 1):
        held = _held(service, zone_id, name)
        values = [one["Value"] for one in held["ResourceRecords"]] if held else []
        if (value in values) == is_wanted:
            return
        left = [*values, value] if is_wanted else [one for one in values if one != value]
        # deleting names every value that was read, so that the batch is refused if another one has come since
        changes = [{"Action": "DELETE", "ResourceRecordSet": held}] if held else []
        if left:
            ttl = held["TTL"] if held else TTL_SECONDS
            records = [{"Value": one} for one in left]
            wanted = {"Name": name, "Type": "TXT", "TTL": ttl, "ResourceRecords": records}
            changes.append({"Action": "CREATE", "ResourceRecordSet": wanted})
        try:
            said = service.change_resource_record_sets(HostedZoneId=zone_id, ChangeBatch={"Changes": changes})
        except service.exceptions.InvalidChangeBatch:
            if attempt == _ATTEMPTS:
                raise
            continue
        if is_wanted:
            change = said["ChangeInfo"]["Id"]
            service.get_waiter("resource_record_sets_changed").wait(Id=change, WaiterConfig=_SYNC)
        return


def _held(service: Any, zone_id: str, name: str) -> dict[str, Any] | None:
    """The name's TXT set; None where it has none.

    Raises:
        LinkproofError: it is one of several by a routing policy.
    """
    answer = service.list_resource_record_sets(
        HostedZoneId=zone_id, StartRecordName=name, StartRecordType="TXT", MaxItems="1"
    )
    for found in answer["ResourceRecordSets"]:
        if (plain(found["Name"]), found["Type"]) != (plain(name), "TXT"):
            continue
        if "SetIdentifier" in found:
            raise LinkproofError(
                f"{name} TXT in {zone_id} is one of several by a routing policy ({found['SetIdentifier']})",
                f"make it a simple record, or lead {name} by a CNAME to a zone of its own",
            )
        return dict(found)
    return None
