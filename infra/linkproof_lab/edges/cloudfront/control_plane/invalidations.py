"""Invalidations: taken and kept. The lab's edges keep nothing that the distributions of this project let them keep."""

from __future__ import annotations

import time
from typing import Any

from linkproof_lab.apis.idents import iso_milli, upper_id
from linkproof_lab.edges.cloudfront.control_plane.wire import page_of, read, written
from linkproof_lab.store import Store
from linkproof_lab.vendors.aws.control_plane.calls import AwsAnswer, AwsCall, AwsError

KIND = "cloudfront-invalidation"


def answer(store: Store, distribution: dict[str, Any], call: AwsCall, path: list[str]) -> AwsAnswer:
    """Create, list or show one.

    Raises:
        AwsError: NoSuchInvalidation, or the operation is none.
    """
    prefix = f"{distribution['id']}/"
    match call.method, path:
        case "POST", []:
            batch = read(call.body, "InvalidationBatch")
            ident = upper_id("I", 13)
            doc = {"Id": ident, "Status": "Completed", "CreateTime": iso_milli(time.time()), "InvalidationBatch": batch}
            store.put(KIND, prefix + ident, doc)
            return written(201, "Invalidation", doc)
        case "GET", []:
            docs = [doc for key, doc in store.all(KIND) if key.startswith(prefix)]
            count, chosen, marker = page_of(call, docs, lambda doc: str(doc["Id"]))
            result = {
                "Marker": call.query.get("Marker", ""),
                "NextMarker": marker,
                "MaxItems": count,
                "IsTruncated": marker is not None,
                "Quantity": len(chosen),
                "Items": chosen or None,
            }
            return written(200, "InvalidationList", result)
        case "GET", [ident]:
            found = store.get(KIND, prefix + ident)
            if found is None:
                raise AwsError(404, "NoSuchInvalidation", "The specified invalidation does not exist.")
            return written(200, "Invalidation", found)
    raise AwsError(404, "UnknownOperationException", f"the lab has no {call.method} {call.path}")
