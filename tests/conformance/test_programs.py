"""Real programs in their least configuration: the suite says of each what it is known to do, and what the page says."""

from __future__ import annotations

import asyncio
import os

import pytest
from linkproof.conformance.requirements.all import ALL
from linkproof.conformance.run.session import Limits

from tests.conformance.conftest import Authority, broken
from tests.conformance.programs.running import PROGRAMS, asked
from tests.conformance.test_page import told_of_program

# As Debian 12 has them; what they broke when each was looked at by itself, with a recording server and curl.
DEBIAN = {
    "nginx": ("nginx", "1.22.1", {"host.origin", "host.sni", "host.version", "host.verified", "bytes.location-own"}),
    "nginx-slash": ("nginx", "1.22.1", {"bytes.path", "bytes.path-unusual", "bytes.query-unusual"}),
    "haproxy": ("haproxy", "2.6.12", {"host.sni", "bytes.query-unusual"}),
    "apache": ("apache2-bin", "2.4.71", {"bytes.path", "host.origin", "host.verified", "origin.garbage"}),
    "caddy": ("caddy", "2.6.2", {"bytes.path-unusual", "retry.get"}),
    "varnish": ("varnish", "7.1.1", {"method.head", "cache.errors", "cache.redirects", "cache.opens", "retry.get"}),
    "lighttpd": ("lighttpd", "1.4.69", {"bytes.path", "bytes.query-unusual"}),
    "h2o": ("h2o", "2.2.5", {"host.origin", "bytes.location-own", "front.unknown-host"}),
}
KEEPS = {
    "nginx": {"bytes.path", "bytes.query", "bytes.semicolon", "method.head", "cache.errors", "retry.get", "retry.post"},
    "nginx-slash": {"bytes.query", "bytes.semicolon"},
    "haproxy": {"bytes.path", "bytes.query", "bytes.location-own", "host.origin", "retry.get", "retry.post"},
    "apache": {"bytes.query", "bytes.query-unusual", "bytes.semicolon", "host.sni", "retry.get"},
    "caddy": {"bytes.path", "bytes.semicolon", "host.origin", "host.sni", "host.verified", "retry.post", "front.http"},
    "varnish": {"bytes.path", "bytes.path-unusual", "bytes.query-unusual", "host.origin", "retry.post"},
    "lighttpd": {"bytes.query", "bytes.semicolon", "host.origin", "retry.get"},
    "h2o": {"bytes.path", "bytes.path-unusual", "bytes.query", "bytes.query-unusual", "host.sni", "retry.get"},
}
LIMITS = Limits(answer_seconds=20, failure_seconds=20, lost_of=300)
# 35 seconds of waiting each; what it says of an edge is shown by an edge of our own.
ONLY = frozenset(one.id for one in ALL) - {"origin.silent"}


@pytest.mark.parametrize("name", DEBIAN)
def test_a_real_program_is_told_what_it_breaks(authority: Authority, name: str) -> None:
    program, (package, version, breaks) = PROGRAMS[name], DEBIAN[name]
    executable = program.found()
    if executable is None:
        missing = f"{program.binary} is not installed (Debian: apt-get install {package})"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(missing)
    run = asyncio.run(asked(program, executable, authority, LIMITS, ONLY))
    found = broken(run)
    assert breaks <= set(found), found
    assert not KEEPS[name] & set(found), found
    if program.version(executable) != version:
        pytest.skip(f"the page tells of {version}, and this is {program.version(executable)}")
    assert {key: verdict for key, verdict in told_of_program(program.title(version)).items() if key in ONLY} == {
        one.requirement.id: one.verdict for one in run.outcomes
    }
