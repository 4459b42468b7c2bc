"""Buckets and their objects: a document for each bucket, a file for each object."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from linkproof_lab.settings import LabSettings

KIND = "s3-bucket"


def is_key(key: str) -> bool:
    """Whether it can be a file's name here: the lab has no keys with empty or dotted parts."""
    return bool(key) and len(key) <= 1024 and all(part not in ("", ".", "..") for part in key.split("/"))


def objects(settings: LabSettings, bucket: str) -> Iterator[tuple[str, Path]]:
    """Keys and files, in the order of the keys' octets."""
    folder = settings.buckets / bucket
    found = {str(file.relative_to(folder)): file for file in folder.rglob("*") if file.is_file()}
    for key in sorted(found, key=str.encode):
        if not key.endswith(_UNFINISHED):
            yield key, found[key]


def write_object(settings: LabSettings, bucket: str, key: str, content: bytes) -> None:
    """All of it or nothing: nobody sees half an object."""
    file = settings.buckets / bucket / key
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(file.name + _UNFINISHED)
    unfinished.write_bytes(content)
    unfinished.replace(file)


_UNFINISHED = "~"
