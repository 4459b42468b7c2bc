"""The two resources that keep the history with the state: one written before the records, one after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi

from linkproof.history.keep import HISTORY_TYPE, SETTLED_TYPE

NAME = "records"


class RecordHistory(pulumi.CustomResource):
    """What every record served. Every record depends on it, so that its update, which appends what was served until now, comes first.

    Its inputs are the plan's alone: no edge that fails to deploy can keep it, and with it all other records, waiting.
    """

    revision: pulumi.Output[int]

    def __init__(self, served: Mapping[str, str]) -> None:
        super().__init__(HISTORY_TYPE, NAME, {"records": dict(served), "revision": None})


def settled(history: RecordHistory, records: Sequence[pulumi.Resource]) -> pulumi.CustomResource:
    """Updated once all records are, after each change of the history: until then nobody knows what an interrupted deployment left."""
    return pulumi.CustomResource(
        SETTLED_TYPE, NAME, {"revision": history.revision}, pulumi.ResourceOptions(depends_on=list(records))
    )
