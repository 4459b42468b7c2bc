"""Objects by their path `projects/…`, and which of them is used by which: none goes while another names it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from linkproof_lab.store import Store
from linkproof_lab.vendors.gcp.control_plane.contract import Document, GcpError, not_found

COMPUTE, CERTIFICATES = "gcp-compute", "gcp-certificate-manager"
_PATH = re.compile(
    r"^(?:https?://.*?/|//certificatemanager\.googleapis\.com/)?(projects/[^/]+/(?:global|locations)/.+)$"
)
# What an object says of itself, or what only its vendor holds.
_OWN = frozenset({"name", "selfLink", "description", "pem"})


def path_of(value: Any) -> str | None:
    """The path in a link, which is written with its host, with `//certificatemanager…` or bare; None for what is none."""
    found = _PATH.match(value) if isinstance(value, str) else None
    return found[1] if found else None


def named(doc: Any) -> Iterator[str]:
    """Paths of the objects that an object names."""
    if isinstance(doc, dict):
        for key, value in doc.items():
            if key not in _OWN:
                yield from named(value)
    elif isinstance(doc, list):
        for value in doc:
            yield from named(value)
    elif (path := path_of(doc)) is not None:
        yield path


class Objects:
    """All that both APIs hold."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def find(self, path: str) -> Document | None:
        return self._store.get(_kind(path), path)

    def get(self, path: str) -> Document:
        """Raises:
        GcpError: there is none.
        """
        found = self.find(path)
        if found is None:
            raise not_found(path)
        return found

    def put(self, path: str, doc: Document) -> None:
        """Raises:
        GcpError: it names what there is not.
        """
        for other in named(doc):
            self.get(other)
        self._store.put(_kind(path), path, doc)

    def below(self, parent: str) -> list[tuple[str, Document]]:
        """Those of one collection."""
        kind = _kind(parent)
        return [(path, doc) for path, doc in self._store.all(kind) if path.rpartition("/")[0] == parent]

    def everywhere(self, collection: str) -> list[Document]:
        """Those of a collection of Compute's, of all projects."""
        return [doc for path, doc in self._store.all(COMPUTE) if path.split("/")[3] == collection]

    def delete(self, path: str) -> None:
        """Raises:
        GcpError: there is none, or another one names it.
        """
        held = self.get(path)
        for rule in self.everywhere("forwardingRules") if "/addresses/" in path else ():
            if rule["IPAddress"] == held["address"]:
                message = f"The resource '{path}' is already being used by '{path_of(rule['selfLink'])}'"
                raise GcpError(400, message, "resourceInUseByAnotherResource")
        for kind in (COMPUTE, CERTIFICATES):
            for other, doc in self._store.all(kind):
                if other.startswith(f"{path}/") or path in set(named(doc)):
                    message = f"The resource '{path}' is already being used by '{other}'"
                    raise GcpError(400, message, "resourceInUseByAnotherResource")
        self._store.delete(_kind(path), path)


def _kind(path: str) -> str:
    return COMPUTE if "/global/" in path and "/locations/" not in path else CERTIFICATES
