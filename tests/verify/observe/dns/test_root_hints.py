"""Where the walk begins: the built-in hints, and a file of the user's."""

from __future__ import annotations

import ipaddress

import pytest
from linkproof.errors import LinkproofError
from linkproof.verify.observe.dns.root_hints import load_hints


def test_the_built_in_hints_name_the_thirteen_root_servers():
    servers = load_hints(None)
    assert len({server.server for server in servers}) == 13
    assert [server.family for server in servers] == [4] * 13 + [6] * 13
    for server in servers:
        assert ipaddress.ip_address(server.address).is_global


@pytest.mark.parametrize("text", ["", "; nothing\n", ". 1 NS a.\n", "this is { not a zone\n", "a. 1 A 192.0.2.1\n"])
def test_hints_without_a_root_server_are_bad_input(tmp_path, text):
    file = tmp_path / "root.hints"
    file.write_text(text)
    with pytest.raises(LinkproofError) as caught:
        load_hints(file)
    assert str(file) in caught.value.problem
    with pytest.raises(LinkproofError):
        load_hints(tmp_path / "missing")
