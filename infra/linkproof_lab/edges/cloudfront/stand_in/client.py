"""CloudFront as the distribution and policy types need it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree as ET

from linkproof.providers.protocol.base import ApiError

from linkproof_lab.vendors.aws.stand_in import xml
from linkproof_lab.vendors.aws.stand_in.client import AwsClient

NAMESPACE: Final = "http://cloudfront.amazonaws.com/doc/2020-05-31/"
_ROOT: Final = "/2020-05-31"


@dataclass(frozen=True, slots=True)
class CloudFront:
    """The service of one account. Objects come with their ETag, which every change must give back."""

    aws: AwsClient

    def get(self, path: str) -> tuple[ET.Element, str] | None:
        """The object at `distribution/ID` and the like, with its ETag; None when there is none."""
        try:
            found, headers = self.aws.rest("cloudfront", "GET", f"{_ROOT}/{path}")
        except ApiError as error:
            if error.status == 404:
                return None
            raise
        return found, _etag(headers)

    def post(self, path: str, body: bytes, query: Mapping[str, str] | None = None) -> tuple[ET.Element, str]:
        made, headers = self.aws.rest("cloudfront", "POST", f"{_ROOT}/{path}", body, query)
        return made, _etag(headers)

    def put(self, path: str, body: bytes, etag: str) -> tuple[ET.Element, str]:
        changed, headers = self.aws.rest("cloudfront", "PUT", f"{_ROOT}/{path}", body, if_match=etag)
        return changed, _etag(headers)

    def delete(self, path: str, etag: str) -> None:
        """Remove the object; one that is gone already is fine."""
        try:
            self.aws.rest("cloudfront", "DELETE", f"{_ROOT}/{path}", if_match=etag)
        except ApiError as error:
            if error.status != 404:
                raise

    def pages(self, path: str, query: Mapping[str, str]) -> Iterator[ET.Element]:
        """Every page of a list."""
        marker = ""
        while True:
            asked = {**query, **({"Marker": marker} if marker else {})}
            page, _ = self.aws.rest("cloudfront", "GET", f"{_ROOT}/{path}", query=asked)
            yield page
            marker = xml.text(page, "NextMarker")
            if not marker:
                return

    def tags(self, arn: str) -> dict[str, str]:
        found, _ = self.aws.rest("cloudfront", "GET", f"{_ROOT}/tagging", query={"Resource": arn})
        return {xml.text(tag, "Key"): xml.text(tag, "Value") for tag in found.findall("Items/Tag")}

    def set_tags(self, arn: str, old: Mapping[str, str], new: Mapping[str, str]) -> None:
        gone = [("Key", key) for key in old if key not in new]
        fresh = {key: value for key, value in new.items() if old.get(key) != value}
        if gone:
            body = xml.document("TagKeys", NAMESPACE, [("Items", gone)])
            self.aws.rest("cloudfront", "POST", f"{_ROOT}/tagging", body, {"Operation": "Untag", "Resource": arn})
        if fresh:
            body = xml.document("Tags", NAMESPACE, tag_nodes(fresh))
            self.aws.rest("cloudfront", "POST", f"{_ROOT}/tagging", body, {"Operation": "Tag", "Resource": arn})


def tag_nodes(tags: Mapping[str, str]) -> list[xml.Node]:
    return [("Items", [("Tag", [("Key", key), ("Value", value)]) for key, value in tags.items()])]


def _etag(headers: Mapping[str, str]) -> str:
    return headers.get("etag", "")
