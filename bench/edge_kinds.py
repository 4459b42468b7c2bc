"""`linkproof plan` and `pulumi preview` of 1,000 links at six kinds of edge, against the same links at one, in turn."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import yaml

from bench.declarations import many
from bench.measure import Row, paired_ratio, quiet
from bench.preview import preview
from tests.engine.sandbox import Sandbox, sandbox

COMMAND = ".venv/bin/python -m bench.edge_kinds"
LINKS = 1000
PAIRS = 3
_SERVER = {"version": "debian-12", "resolvers": ["192.0.2.53"]}
KINDS: dict[str, dict[str, Any]] = {
    "cloudfront": {},
    "cloudflare": {},
    "fastly": {},
    "gcp": {},
    "nginx": {"name": "nginx.example.net", **_SERVER},
    "haproxy": {"name": "haproxy.example.net", "version": "debian-12"},
}


def at(kinds: list[str], links: int) -> dict[str, Any]:
    """The links that `many` has at an edge, in turn at each of these kinds."""
    declared = many(links)
    declared["edges"] = {kind: {"provider": kind, **KINDS[kind]} for kind in kinds}
    live = [link for link in declared["links"].values() if link["phase"] == "live"]
    for link in declared["links"].values():
        link["edge"] = kinds[0]
    for n, link in enumerate(live):
        link["edge"] = kinds[n % len(kinds)]
    return declared


def rows(links: int = LINKS, pairs: int = PAIRS) -> list[Row]:
    one, all_of_them = at(["cloudfront"], links), at(list(KINDS), links)
    with tempfile.TemporaryDirectory() as folder:
        files = {}
        for name, declared in (("one", one), ("all", all_of_them)):
            files[name] = Path(folder) / f"{name}.yaml"
            files[name].write_text(yaml.safe_dump({"version": 1, **declared}, sort_keys=False))
        linkproof = str(Path(sys.executable).parent / "linkproof")
        planned = paired_ratio(
            quiet(linkproof, "plan", str(files["all"])), quiet(linkproof, "plan", str(files["one"])), pairs
        )
    with tempfile.TemporaryDirectory() as folder, sandbox(Path(folder)) as box:
        box.stack("dev", all_of_them)
        previewed = paired_ratio(lambda: _preview(box, all_of_them), lambda: _preview(box, one), pairs)
    return [
        _row(f"`plan` of {links:,} links at six kinds of edge, against one", planned),
        _row(f"`pulumi preview` of {links:,} links at six kinds of edge, against one", previewed),
    ]


def _preview(box: Sandbox, declared: dict[str, Any]) -> None:
    box.declare("dev", declared)
    preview(box, box.root)


def _row(what: str, measured: tuple[float, float, float]) -> Row:
    seconds, floor, ratio = measured
    return Row(what, f"{seconds:.1f} s against {floor:.1f} s: {ratio:.2f}×", "≤ 1.1×", ratio <= 1.1, COMMAND)


if __name__ == "__main__":
    print(*rows(*map(int, sys.argv[1:])), sep="\n")
