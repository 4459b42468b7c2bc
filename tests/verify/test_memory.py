"""What a verification keeps in memory of each cell: real servers, the verifier in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.verify.certificates import Authority
from tests.verify.edges import Edge, answer, endpoint
from tests.verify.world import TARGET, World, record

FEW, MANY = 20, 80
# 1,794 on Python 3.11, the expectations and a part of the links under way with it; 2,958 where every answer is kept to the end.
MOST_OCTETS_PER_CELL = 2_100
ROOT = Path(__file__).parent.parent.parent


def host(number):
    return f"url{number}.example.test"


def expectations(folder, links):
    """Links with everything that is proved of one: record, CAA, both schemes."""
    tree = {
        "version": 1,
        "zones": [{"id": "zone/example.test", "path": "zones.example.test", "name": "example.test."}],
        "records": [record(id=f"link{one}/click", name=f"{host(one)}.") for one in range(links)],
        "caa": [{"id": f"link{one}/caa", "host": host(one), "cas": ["ca.test"]} for one in range(links)],
        "endpoints": [endpoint(id=f"link{one}/edge", host=host(one)) for one in range(links)],
    }
    file = folder / f"{links}.json"
    file.write_text(json.dumps(tree))
    return file


def peak(world, authority, file):
    resolver = f"127.61.53.1:{world.port}"
    ports = map(str, (world.port, world.http_port, world.https_port))
    command = [sys.executable, "-m", "tests.verify.peak", str(file), str(world.hints), *ports, str(authority.file)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "infra")])}
    done = subprocess.run(
        [*command, resolver], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=240, check=False
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["verdict"] == "proven", found
    return found


def test_what_is_judged_is_not_kept(tmp_path):
    authority = Authority(tmp_path)
    with World(tmp_path) as world:
        resolver = world.add_resolver()
        for number in range(MANY):
            name = f"{host(number)}."
            for server in (world.first, world.second):
                server.set(name, "CNAME", [TARGET])
            resolver.answers[name, "CNAME"] = [TARGET]
        Edge(world, authority.context("*.example.test"), https=answer(), http=answer())
        few, many = (peak(world, authority, expectations(tmp_path, links)) for links in (FEW, MANY))
    more = many["cells"] - few["cells"]
    assert more >= 6 * (MANY - FEW)
    each = (many["peak"] - few["peak"]) / more
    assert each <= MOST_OCTETS_PER_CELL, f"{each:.0f} octets for each cell"
