"""For every fault that needs no declaration `look` names the rule that `verify` names: over the tests of the fault lab themselves."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# What nobody can know who has no declaration: the nonce, the edge that was meant, the CNAME that was meant where there is none, the
# CAs of an edge that does not show itself, and the phase of a link whose sender no name tells.
NEEDS_DECLARATION = {
    "dns.wrong-owner", "http.wrong-owner", "http.wrong-edge", "dns.flattened", "dns.alias-record", "dns.parked",
    "http.hsts-breaks-http", "http.https-record-upgrades", "dns.caa-forbids", "dns.caa-parameters", "dns.caa-failing",
}  # fmt: skip
# Where the two are asked different questions: a name without any data is missing as a type to whoever declared nothing.
OTHER_WORDS = {"test_a_compact_denial_is_a_missing_name_and_a_plain_one_a_missing_type": {"dns.missing-name"}}


@pytest.mark.parametrize("modules", [("edges", "certificates", "target_zone"), ("zones", "delegation")], ids=" ".join)
def test_look_names_the_rules_that_verify_names(modules: tuple[str, ...], tmp_path: Path) -> None:
    log = tmp_path / "log"
    files = [f"tests/faults/test_{module}.py" for module in modules]
    # tests that count requests fail with a second pair of eyes: only what was found is compared
    subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "tests.look.compare", *files],
        cwd=ROOT,
        env={**os.environ, "LINKPROOF_LOOK_LOG": str(log), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
        timeout=900,
    )
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    named = {rule for line in lines for rule in line["verify"]} - NEEDS_DECLARATION
    assert len(lines) > 40
    assert len(named) > 8, named
    missed = []
    for line in lines:
        test = line["test"].partition("::")[2].partition("[")[0]
        lost = set(line["verify"]) - set(line["look"]) - NEEDS_DECLARATION - OTHER_WORDS.get(test, set())
        if lost:
            missed.append((line["test"], sorted(lost), line["look"], line["recognised"]))
    assert not missed
