"""What `failover` refuses before anything is changed; the road itself is tests/engine/test_switch.py's."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from linkproof.commands import failover
from linkproof.errors import LinkproofError

from tests.plan.declared import declared, link

DECLARED = declared(
    link("a", "url1.example.com", "secured", "aws, standby: cf"), link("b", "url2.example.com", "secured")
)


def proof(*findings: tuple[str, str]) -> Any:
    """A report with these findings: severity and rule."""
    found = [
        SimpleNamespace(severity=severity, rule=rule, observed="a certificate for other.test")
        for severity, rule in findings
    ]
    return SimpleNamespace(findings=found)


def test_a_link_is_named_by_its_key_or_its_host_and_has_a_standby() -> None:
    assert failover._link(DECLARED, "a") is failover._link(DECLARED, "url1.example.com")
    with pytest.raises(LinkproofError, match="b has no standby"):
        failover._link(DECLARED, "b")
    with pytest.raises(LinkproofError, match="c is no link"):
        failover._link(DECLARED, "c")


def test_a_standby_that_shows_a_fault_is_not_moved_to_and_a_warning_does_not_keep_it() -> None:
    moving = DECLARED.links["a"]
    failover._refuse_unproven(moving, proof(("warning", "tls.weak")))
    with pytest.raises(LinkproofError, match=r"cf cannot take url1\.example\.com over: tls\.wrong-name"):
        failover._refuse_unproven(moving, proof(("error", "tls.wrong-name")))
