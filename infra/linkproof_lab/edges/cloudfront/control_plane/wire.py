"""Bodies, pages and preconditions of CloudFront's API."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from linkproof_lab.vendors.aws.control_plane.calls import AwsAnswer, AwsCall, AwsError, request_id
from linkproof_lab.vendors.aws.control_plane.xmlwire import WireError, decode, encode, shapes_of

NAMESPACE = "http://cloudfront.amazonaws.com/doc/2020-05-31/"
_ITEM = TypeVar("_ITEM")
_MOST_ITEMS = 100


def read(body: bytes, shape: str) -> dict[str, Any]:
    """The dict that a body holds.

    Raises:
        AwsError: MalformedXML, or InconsistentQuantities.
    """
    try:
        value = decode(body, shape, shape, shapes_of("cloudfront"))
    except WireError as error:
        raise AwsError(
            400, "MalformedXML", f"The XML you provided was not well-formed or did not validate: {error}"
        ) from error
    _check_quantities(value)
    return value


def _check_quantities(value: Any) -> None:
    """Each `Quantity` must be the number of `Items`.

    Raises:
        AwsError: InconsistentQuantities.
    """
    for node in _nodes(value):
        if "Quantity" in node and node["Quantity"] != len(node.get("Items", [])):
            raise AwsError(400, "InconsistentQuantities", "The value of Quantity and the size of Items don't match.")


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for child in value.values():
            yield from _nodes(child)
    elif isinstance(value, list):
        for child in value:
            yield from _nodes(child)


def written(status: int, shape: str, value: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> AwsAnswer:
    body = encode(value, shape, shape, shapes_of("cloudfront"), NAMESPACE)
    return AwsAnswer(status, body, {"Content-Type": "text/xml", "x-amzn-RequestId": request_id(), **(headers or {})})


def if_match(call: AwsCall, etag: str, words: str) -> None:
    """The caller must name the version that it means.

    Raises:
        AwsError: InvalidIfMatchVersion for none, PreconditionFailed for another one.
    """
    given = call.headers.get("if-match")
    if not given:
        raise AwsError(400, "InvalidIfMatchVersion", f"The If-Match version is missing or not valid for the {words}.")
    if given.strip('"') != etag:
        problem = "The request failed because it didn't meet the preconditions in one or more request-header fields."
        raise AwsError(412, "PreconditionFailed", problem)


def page_of(call: AwsCall, items: list[_ITEM], key: Callable[[_ITEM], str]) -> tuple[int, list[_ITEM], str | None]:
    """MaxItems, the page that follows `Marker`, and the next marker, which is the key of the page's last item."""
    text, marker = call.query.get("MaxItems", str(_MOST_ITEMS)), call.query.get("Marker", "")
    if not text.isdigit() or int(text) < 1:
        raise AwsError(400, "InvalidArgument", "The parameter MaxItems is invalid.")
    count = min(int(text), _MOST_ITEMS)
    start = next((n + 1 for n, item in enumerate(items) if key(item) == marker), 0) if marker else 0
    chosen = items[start : start + count]
    more = start + count < len(items)
    return count, chosen, key(chosen[-1]) if more and chosen else None
