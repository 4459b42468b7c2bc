"""`linkproof server-config`: what it prints and writes, and what it leaves alone."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from linkproof import registry

from tests.commands.cli import linkproof
from tests.servers.declared import text

SERVERS = [plugin.name for plugin in registry.edges() if plugin.server is not None]


def written(folder: Path) -> dict[str, str]:
    return {file.name: file.read_text() for file in sorted(folder.iterdir())}


@pytest.mark.parametrize("name", SERVERS)
def test_the_example_is_rendered_with_every_link_past_branded(name: str) -> None:
    example = registry.edge(name).folder / "example.yaml"
    done = linkproof("server-config", str(example), "own", "--json")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    whole = "".join(document["files"].values())
    assert "url1.example.net" in whole
    assert "sendgrid.net" in whole
    assert document["provider"] == name
    assert document["check"]
    assert document["reload"]
    assert "{host}" not in whole


def test_it_is_written_into_a_folder_and_written_again(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(text())
    done = linkproof("server-config", "own.yaml", "own", "-o", "out", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "haproxy -c -f /etc/haproxy/haproxy.cfg && systemctl reload haproxy" in done.stdout
    first = written(tmp_path / "out")
    assert set(first) == {"haproxy.cfg", "linkproof.map", "linkproof-certificates.txt", "linkproof-deploy-hook.sh"}
    assert os.access(tmp_path / "out" / "linkproof-deploy-hook.sh", os.X_OK)
    (tmp_path / "own.yaml").write_text(text(certificate='"/etc/other/{host}.pem"'))
    assert linkproof("server-config", "own.yaml", "own", "-o", "out", cwd=tmp_path).returncode == 0
    assert "/etc/other/url1.example.net.pem" in (tmp_path / "out" / "linkproof-certificates.txt").read_text()


def test_what_somebody_else_wrote_or_changed_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(text())
    command = ("server-config", "own.yaml", "own", "-o", "out")
    assert linkproof(*command, cwd=tmp_path).returncode == 0
    for name, change in {"linkproof.map": "url9.example.net origin1\n", "haproxy.cfg": None}.items():
        file = tmp_path / "out" / name
        mine = file.read_text() + change if change is not None else "global\n"
        file.write_text(mine)
        before = written(tmp_path / "out")
        done = linkproof(*command, cwd=tmp_path)
        assert done.returncode == 2
        assert f"{name} was not written by linkproof, or was changed since" in done.stderr
        assert written(tmp_path / "out") == before, "nothing of it is written then"
        file.unlink()


def test_an_edge_that_is_no_server_or_has_no_link_is_refused_with_a_fix(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(text("branded"))
    aws = text().replace(
        "own: {provider: haproxy, version: debian-12, name: edge.example.net}", "own: {provider: cloudfront}"
    )
    (tmp_path / "aws.yaml").write_text(aws)
    for file, edge, words in (
        ("own.yaml", "own", "no link of own is past branded"),
        ("own.yaml", "other", "other is no edge"),
        ("aws.yaml", "own", "own is cloudfront, which is no server of one's own"),
    ):
        done = linkproof("server-config", file, edge, cwd=tmp_path)
        assert (done.returncode, words in done.stderr) == (2, True), done.stderr
