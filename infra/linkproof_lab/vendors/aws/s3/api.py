"""The operations of S3 on buckets and objects, with the bucket in the path, as clients do at an address without a name.

docs.aws.amazon.com/AmazonS3/latest/API/.
"""

from __future__ import annotations

import hashlib
import re
import time
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from linkproof_lab.apis.contract import ApiRequest
from linkproof_lab.apis.idents import iso_milli
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store
from linkproof_lab.vendors.aws.control_plane.calls import AwsAnswer, AwsCall, AwsError, request_id, signed_for
from linkproof_lab.vendors.aws.s3.buckets import KIND, is_key, objects, write_object

_NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_MOST_KEYS = 1000


class S3:
    """Buckets have names of the whole world: one of another account is there, and nobody else may look."""

    def __init__(self, settings: LabSettings, store: Store) -> None:
        self._settings = settings
        self._store = store

    def claims(self, request: ApiRequest) -> bool:
        return signed_for(request.headers) == "s3"

    def refusal(self, error: AwsError) -> AwsAnswer:
        body = f"<Error><Code>{error.code}</Code><Message>{escape(error.message)}</Message></Error>"
        return _xml(body, error.status)

    def answer(self, call: AwsCall) -> AwsAnswer:
        """Do what the request says.

        Raises:
            AwsError: as the vendor would.
        """
        name, _, key = call.path.removeprefix("/").partition("/")
        if key:
            return self._object(call, name, key)
        is_about_tags = "tagging" in call.query
        match call.method:
            case "PUT" if not is_about_tags:
                return self._create(call, name)
            case "PUT":
                bucket = self._found(call, name)
                self._store.put(KIND, name, {**bucket, "tags": _tags(call.body)})
                return AwsAnswer(204, b"", _headers())
            case "HEAD":
                return AwsAnswer(200, b"", {**_headers(), "x-amz-bucket-region": self._found(call, name)["region"]})
            case "GET" if is_about_tags:
                return self._shown_tags(self._found(call, name))
            case "GET" if "location" in call.query:
                region = self._found(call, name)["region"]
                said = "" if region == "us-east-1" else region
                return _xml(f'<LocationConstraint xmlns="{_NAMESPACE}">{said}</LocationConstraint>')
            case "GET" if call.query.get("list-type") == "2":
                return self._list(call, name)
            case "DELETE" if not is_about_tags:
                return self._delete(call, name)
        raise AwsError(501, "NotImplemented", f"the lab has no {call.method} {call.path}")

    def _found(self, call: AwsCall, name: str) -> dict[str, Any]:
        bucket = self._store.get(KIND, name)
        if bucket is None:
            raise AwsError(404, "NoSuchBucket", "The specified bucket does not exist")
        if bucket["account"] != call.account:
            raise AwsError(403, "AccessDenied", "Access Denied")
        return bucket

    def _create(self, call: AwsCall, name: str) -> AwsAnswer:
        if not _NAME.fullmatch(name):
            raise AwsError(400, "InvalidBucketName", "The specified bucket is not valid.")
        held = self._store.get(KIND, name)
        if held is not None and held["account"] != call.account:
            raise AwsError(409, "BucketAlreadyExists", "The requested bucket name is not available.")
        if held is not None:
            message = "Your previous request to create the named bucket succeeded and you already own it."
            raise AwsError(409, "BucketAlreadyOwnedByYou", message)
        self._store.put(KIND, name, {"account": call.account, "region": call.region, "tags": {}})
        return AwsAnswer(200, b"", {**_headers(), "Location": f"/{name}"})

    def _delete(self, call: AwsCall, name: str) -> AwsAnswer:
        self._found(call, name)
        if next(objects(self._settings, name), None) is not None:
            raise AwsError(409, "BucketNotEmpty", "The bucket you tried to delete is not empty")
        self._store.delete(KIND, name)
        return AwsAnswer(204, b"", _headers())

    def _shown_tags(self, bucket: dict[str, Any]) -> AwsAnswer:
        if not bucket["tags"]:
            raise AwsError(404, "NoSuchTagSet", "The TagSet does not exist")
        pairs = "".join(
            f"<Tag><Key>{escape(key)}</Key><Value>{escape(value)}</Value></Tag>"
            for key, value in bucket["tags"].items()
        )
        return _xml(f'<Tagging xmlns="{_NAMESPACE}"><TagSet>{pairs}</TagSet></Tagging>')

    def _list(self, call: AwsCall, name: str) -> AwsAnswer:
        self._found(call, name)
        prefix = call.query.get("prefix", "")
        after = call.query.get("continuation-token") or call.query.get("start-after", "")
        most = min(int(call.query.get("max-keys") or _MOST_KEYS), _MOST_KEYS)
        found = [(key, file) for key, file in objects(self._settings, name) if key.startswith(prefix) and key > after]
        page = found[:most]
        parts = [
            f"<Contents><Key>{escape(key)}</Key><LastModified>{iso_milli(file.stat().st_mtime)}</LastModified>"
            f"<Size>{file.stat().st_size}</Size><StorageClass>STANDARD</StorageClass></Contents>"
            for key, file in page
        ]
        more = f"<NextContinuationToken>{escape(page[-1][0])}</NextContinuationToken>" if len(found) > most else ""
        return _xml(
            f'<ListBucketResult xmlns="{_NAMESPACE}"><Name>{name}</Name><Prefix>{escape(prefix)}</Prefix>'
            f"<KeyCount>{len(page)}</KeyCount><MaxKeys>{most}</MaxKeys>"
            f"<IsTruncated>{'true' if more else 'false'}</IsTruncated>{more}{''.join(parts)}</ListBucketResult>"
        )

    def _object(self, call: AwsCall, name: str, key: str) -> AwsAnswer:
        self._found(call, name)
        if not is_key(key):
            raise AwsError(400, "InvalidArgument", "the lab has no such key")
        file = self._settings.buckets / name / key
        if call.method == "PUT":
            write_object(self._settings, name, key, call.body)
            return AwsAnswer(200, b"", {**_headers(), "ETag": _etag(call.body)})
        if call.method == "DELETE":
            file.unlink(missing_ok=True)
            return AwsAnswer(204, b"", _headers())
        if call.method != "GET":
            raise AwsError(501, "NotImplemented", f"the lab has no {call.method} of an object")
        if not file.is_file():
            raise AwsError(404, "NoSuchKey", "The specified key does not exist.")
        content = file.read_bytes()
        modified = format_datetime(datetime.fromtimestamp(int(file.stat().st_mtime), UTC), usegmt=True)
        headers = {"Content-Type": "application/octet-stream", "ETag": _etag(content), "Last-Modified": modified}
        return AwsAnswer(200, content, {**_headers(), **headers})


def _tags(body: bytes) -> dict[str, str]:
    try:
        root = ET.fromstring(body)  # noqa: S314 - loopback only; expat 2.4.1 and newer bounds entity expansion
    except ET.ParseError as error:
        raise AwsError(400, "MalformedXML", "The XML you provided was not well-formed") from error
    found = {}
    for tag in root.iter(f"{{{_NAMESPACE}}}Tag"):
        parts = {part.tag.rpartition("}")[2]: part.text or "" for part in tag}
        found[parts["Key"]] = parts.get("Value", "")
    return found


def _etag(content: bytes) -> str:
    return f'"{hashlib.md5(content, usedforsecurity=False).hexdigest()}"'


def _headers() -> dict[str, str]:
    return {
        "x-amz-request-id": request_id(),
        "Date": format_datetime(datetime.fromtimestamp(time.time(), UTC), usegmt=True),
    }


def _xml(body: str, status: int = 200) -> AwsAnswer:
    document = f'<?xml version="1.0" encoding="UTF-8"?>\n{body}'.encode()
    return AwsAnswer(status, document, {**_headers(), "Content-Type": "application/xml"})
