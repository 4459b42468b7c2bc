"""What a certificate may hold that its reader does not know: it is read as far as it goes, or refused by one error."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from linkproof.verify.judge.subject import MAX_TEXT, FindingSubject, Violation
from linkproof.verify.observations.vantage import Vantage
from linkproof.verify.observe.edge.certificate_reader import parse_certificate

from tests.fuzz.certificate import HOST, seeds

SEEDS = {name: data[1:] for name, data in seeds().items()}


def test_a_key_on_a_curve_that_nobody_here_knows_leaves_the_rest_readable():
    known, unknown = parse_certificate(SEEDS["ec"]), parse_certificate(SEEDS["unknown-curve"])
    assert (known.key_type, known.key_bits) == ("EC", 256)
    assert (unknown.key_type, unknown.key_bits) == ("", 0)
    assert unknown.names == known.names
    assert HOST in unknown.names
    assert unknown.not_after > datetime(2026, 11, 22, tzinfo=UTC)


@pytest.mark.parametrize("name", ["unknown-version", "extension-twice", "empty"])
def test_a_certificate_that_cannot_be_read_is_one_error(name):
    with pytest.raises(ValueError, match=r"."):
        parse_certificate(SEEDS[name])


@settings(max_examples=200, deadline=None)
@given(
    name=st.sampled_from(sorted(SEEDS)),
    at=st.integers(0, 600),
    octets=st.binary(min_size=1, max_size=3),
)
def test_changed_octets_are_read_or_one_error(name, at, octets):
    encoded = SEEDS[name]
    try:
        certificate = parse_certificate(encoded[:at] + octets + encoded[at + len(octets) :])
    except ValueError:
        return
    assert certificate.not_before.tzinfo is not None


def test_what_a_finding_says_has_a_bound_and_what_is_usual_stays_whole():
    subject = FindingSubject("a", "", "a.", "TXT")
    vantage = Vantage("authoritative", "ns.", "192.0.2.1", "udp")
    usual, long = "x" * MAX_TEXT, "x" * (MAX_TEXT + 1)
    assert subject.finding(Violation("dns.wrong-value", usual, usual), vantage).observed == usual
    cut = subject.finding(Violation("dns.wrong-value", long, long, long), vantage)
    assert {cut.expected, cut.observed, cut.why} == {f"{usual}…"}
    assert subject.could_not_check(vantage, long).reason == f"{usual}…"
