"""A wrong clock makes everything that has a date look wrong; it is suspected before the world is, and only with reason."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from linkproof.verify.replay import judge_again

from tests.faults.test_real_copies import Later
from tests.verify.certificates import Authority
from tests.verify.edges import Edge, answer, endpoint
from tests.verify.world import TARGET, World, errors, expect, record, rules

HOSTS = ("url.example.test", "url2.example.test")
ADDRESSES = ("127.61.10.1", "127.61.10.2")


def verified(tmp_path, ahead: timedelta, dates: list[timedelta | None], **changes):
    """Two edges with a certificate each; `dates` is how far each one's own clock is off."""
    with World(tmp_path) as world:
        cas = []
        for number, (host, address, off) in enumerate(zip(HOSTS, ADDRESSES, dates, strict=True)):
            (tmp_path / str(number)).mkdir()
            authority = Authority(tmp_path / str(number))
            cas.append(authority.file.read_text())
            headers = {} if off is None else {"Date": format_datetime(datetime.now(UTC) + off, usegmt=True)}
            said = answer(X_Amz_Cf_Id="x", **headers)
            Edge(world, authority.context(host), https=said, http=said, address=address)
            for server in (world.first, world.second):
                server.set(f"{host}.", "CNAME", [f"edge{number}.vendor.test."])
            world.vendor.set(f"edge{number}.vendor.test.", "A", [address])
        (tmp_path / "ca").write_text("\n".join(cas))
        endpoints = [endpoint(id=host, host=host, hsts_parents=[]) for host in HOSTS]
        return world.verify(
            expect(record(name="other.example.test.", match="absent", values=[]), endpoints=endpoints),
            ca=tmp_path / "ca", clock=Later(ahead), **changes,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("ahead", "rule", "dates"),
    [
        (timedelta(days=3650), "tls.expired", [timedelta(0), timedelta(0)]),
        (timedelta(days=-3650), "tls.not-yet-valid", [timedelta(0), timedelta(0)]),
        (timedelta(days=3650), "tls.expired", [None, None]),
    ],
)
def test_when_all_is_out_of_its_time_the_clock_is_doubted_first(tmp_path, ahead, rule, dates):
    folder = tmp_path / "evidence"
    result = verified(tmp_path, ahead, dates, save=folder)
    assert {"clock.off", rule} <= rules(result)
    assert all("clock" in finding.fix for finding in result.findings if finding.rule == rule)
    assert any(item.id == "clock" for item in result.could_not_check)
    assert judge_again(folder).result.findings == result.findings


def test_a_clock_that_is_hours_off_is_said_before_any_certificate_suffers(tmp_path):
    result = verified(tmp_path, timedelta(hours=5), [timedelta(0), timedelta(0)])
    assert (result.verdict, rules(result)) == ("not-proven", {"clock.off"})
    assert "2 of 2 edges say" in result.findings[0].observed


def test_certificates_that_have_really_expired_are_the_edges_fault(tmp_path):
    """The edges' own clocks say the same as ours."""
    result = verified(tmp_path, timedelta(days=3650), [timedelta(days=3650)] * 2)
    assert errors(result) == {"tls.expired"}
    assert "clock.off" not in rules(result)


@pytest.mark.parametrize("dates", [[timedelta(hours=9), timedelta(0)], [None, None], [timedelta(0), timedelta(0)]])
def test_one_edge_with_a_wrong_clock_or_without_any_is_no_reason(tmp_path, dates):
    result = verified(tmp_path, timedelta(0), dates)
    assert (result.verdict, rules(result)) == ("proven", set())


def test_an_answer_that_a_cache_kept_for_hours_is_no_reason(tmp_path):
    with World(tmp_path) as world:
        authority = Authority(tmp_path)
        date = format_datetime(datetime.now(UTC) - timedelta(hours=9), usegmt=True)
        said = answer(X_Amz_Cf_Id="x", Date=date, Age=str(9 * 3600))
        for address in ADDRESSES:
            Edge(world, authority.context(HOSTS[0]), https=said, http=said, address=address)
        world.vendor.set(TARGET, "A", list(ADDRESSES))
        result = world.verify(expect(endpoints=[endpoint()]), ca=authority.file)
    assert "clock.off" not in rules(result)
