"""Record the folders that fuzzing of evidence starts from: `python -m tests.fuzz.record`, after a change to their form."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from tests.faults.servers import ValidatingResolver
from tests.faults.signers import Signed
from tests.fuzz.evidence import NAMES, SEPARATOR
from tests.fuzz.target import CORPUS
from tests.verify.certificates import Authority
from tests.verify.edges import Edge, answer, endpoint
from tests.verify.servers import Refuses
from tests.verify.world import CLICK, World, expect, record

_PREVIOUS = [{"record": "link/click", "values": ["old.vendor.test."], "changed_at": "2026-11-22T10:00:00Z"}]
_CAA = [{"id": "link/caa", "host": "url.example.test", "cas": ["amazon.com"]}]


def main() -> None:
    kept = CORPUS / "evidence"
    kept.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        base = Path(made)
        _healthy(base / "healthy")
        _faulty(base / "faulty")
        for folder in (base / "healthy", base / "faulty"):
            parts = [(folder / "evidence" / name).read_bytes() for name in NAMES]
            # on one line each, so that a change of a line is a change of one thing
            parts[:2] = [json.dumps(json.loads(part)).encode() + b"\n" for part in parts[:2]]
            (kept / folder.name).write_bytes(SEPARATOR.join(parts).replace(str(base).encode(), b"/evidence"))


def _healthy(folder: Path) -> None:
    folder.mkdir()
    authority = Authority(folder)
    with World(folder) as world:
        world.add_resolver().answers[CLICK, "CNAME"] = ["edge.vendor.test."]
        Edge(world, authority.context("url.example.test"), http=answer())
        world.verify(expect(record(), caa=_CAA, endpoints=[endpoint()]), ca=authority.file, save=folder / "evidence")


def _faulty(folder: Path) -> None:
    folder.mkdir()
    authority = Authority(folder)
    context = authority.context("other.test", days=(-30, 3), chain=False)
    with World(folder, first=Signed, second=Refuses) as world:
        world.tld.set("example.test.", "DS", [world.first.ds("example.test.")])
        world.first.set(CLICK, "CNAME", ["old.vendor.test."])
        world.resolvers.append(ValidatingResolver())
        world.loop.serve_dns(world.resolvers[0], "127.61.53.1", world.port)
        Edge(world, context, https=answer(302, b"", Location="/?a=b"), http=b"SSH-2.0\r\n\r\n")
        wanted = expect(record(), endpoints=[endpoint(nonce="abc", phase="ready")], previous=_PREVIOUS)
        world.verify(wanted, save=folder / "evidence")


if __name__ == "__main__":
    main()
