"""Results as large as a company's: links × ten vantages, with the evidence that real answers leave."""

from __future__ import annotations

from datetime import timedelta

from linkproof.expectations.model import Expectations, parse
from linkproof.verify.conclude.verdict import conclude
from linkproof.verify.observations.vantage import Vantage
from linkproof.verify.result import Cell, CellState, Finding, VerificationResult

from tests.verify.report.nasty import AT

HEADERS = "".join(f"x-amz-cf-{name}: {name * 6}\n" for name in ("id", "pop", "via", "age", "date", "etag", "cache"))


def company(links: int, wrong_each: int = 50, strict: bool = False) -> tuple[VerificationResult, Expectations]:
    """Links of ten cells each.

    Args:
        links: how many.
        wrong_each: one link in so many has a finding at each of its four servers; 0: none.
        strict: as in `verify`.
    """
    cells = [cell for number in range(links) for cell in _cells(number, bool(wrong_each) and number % wrong_each == 0)]
    expectations = parse(
        {
            "version": 1,
            "stack": "prod",
            "records": [
                {
                    "id": f"link{number}/click",
                    "path": f"links.link{number}.click_host",
                    "name": f"url{number}.brand{number % 40}.example.com.",
                    "type": "CNAME",
                    "values": [f"d{number:013x}.cloudfront.net."],
                }
                for number in range(links)
            ],
            "endpoints": [
                {
                    "id": f"link{number}/edge",
                    "path": f"links.link{number}",
                    "host": f"url{number}.brand{number % 40}.example.com",
                }
                for number in range(links)
            ],
        }
    )
    return conclude(cells, (), strict=strict, places={}, timing={"total_seconds": 60.0}), expectations


def _cells(number: int, wrong: bool) -> list[Cell]:
    host, target = f"url{number}.brand{number % 40}.example.com", f"d{number:013x}.cloudfront.net."
    asked = [
        Vantage("authoritative", f"ns-{n}.awsdns-{n}.com.", f"205.251.19{n}.{number % 250}", "udp") for n in range(4)
    ]
    asked += [Vantage("resolver", name, name, "udp") for name in ("1.1.1.1", "8.8.8.8")]
    state: CellState = "differs" if wrong else "right"
    cells = [
        Cell(
            f"link{number}/click",
            vantage,
            state,
            finding(number, vantage, host, target) if wrong else None,
            evidence=f"{host}. CNAME? NOERROR aa, {number % 37}.3 ms over udp\n{host}. 300 CNAME {target}\n\n"
            f"{host}. A? NOERROR aa, 4.1 ms over udp\n{host}. 300 CNAME {target}",
            seconds=0.004,
        )
        for vantage in asked
    ]
    edge = f"link{number}/edge"
    cells += [
        Cell(
            edge, Vantage("edge", host, address, "tls"), "right", seconds=0.02, not_after=AT + timedelta(days=90),
            evidence=f"TLSv1.3, a path to a trust anchor\nsent 0: {host}; issued by CN=Amazon RSA 2048 M02; 2026-10-01 to 2027-11-01",
        )
        for address in ("18.66.1.1", "18.66.1.2")
    ]  # fmt: skip
    cells += [
        Cell(
            edge, Vantage("edge", host, "18.66.1.1", scheme), "right", seconds=0.03,
            evidence=f"{scheme}://{host}/ls/click?upn=\nHTTP 404\n{HEADERS}\n<html><title>Wrong Link</title>You have clicked on an invalid link.</html>",
        )
        for scheme in ("https", "http")
    ]  # fmt: skip
    return cells


def finding(number: int, vantage: Vantage, host: str, target: str) -> Finding:
    return Finding(
        "dns.wrong-value", "error", f"link{number}/click", f"{host}.", "CNAME", target, "sendgrid.net.", vantage,
        "a server answers another value than the declared one",
        "publish the declared value at the zone's DNS host; if someone changed it by hand, `pulumi up --refresh` puts it back",
        path=f"links.link{number}.click_host", place=f"stacks/prod.yaml:{number * 7 + 10}:5",
        reproduce=f"kdig @{vantage.address} +norec {host}. CNAME",
    )  # fmt: skip
