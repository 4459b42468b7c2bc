"""Results whose every field was written by someone hostile."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import strategies as st
from linkproof.expectations.model import Expectations, parse
from linkproof.verify.conclude.verdict import conclude
from linkproof.verify.observations.vantage import Vantage
from linkproof.verify.result import Cell, CouldNotCheck, Finding, VerificationResult

AT = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
STRINGS = (
    "\x1b[2J\x1b]8;;http://evil.example\x07click\x1b]8;;\x07",
    "\x9b31m\x00\r\nSet-Cookie: a=b\n# HELP fake fake\nfake 1\n",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "</style></script></pre><iframe srcdoc=x>",
    '" onmouseover="alert(1)" \'><svg/onload=alert(1)>',
    "{{ 7*7 }} {% include '/etc/passwd' %}",
    "| cell | `code` ``` ~~~ \n| --- | **bold** _it_ [a](javascript:alert(1)) ![i](http://evil.example/i)",
    "@admin #1 GH-2 https://evil.example www.evil.example mailto:a@evil.example <!-- </details></summary>",
    "\u202egnp.exe \u200b\u2066\u2028\u2029\ufeff\U000e0041",
    "`$(reboot)`; rm -rf ~ && 'x' \\",
    "a" * 70_000,
    "|" * 5_000,
    "\ud800",
)
nasty = st.one_of(
    st.sampled_from(STRINGS), st.text(max_size=60), st.lists(st.sampled_from(STRINGS[:10]), max_size=3).map("".join)
)


def finding(text: str, rule: str = "dns.wrong-value", severity: str = "error") -> Finding:
    vantage = Vantage("authoritative", text, text, "udp")
    return Finding(
        rule, severity, text, text, text, text, text, vantage, text, text, (text, "other"), text, text, text, text, text
    )


def result(text: str, times: int = 1) -> tuple[VerificationResult, Expectations]:
    """One cell of each state, all of whose texts are `text`."""
    wrong = finding(text)
    cells = [
        Cell(f"{text}{number}", wrong.vantage, "differs", wrong, evidence=text, seconds=0.1) for number in range(times)
    ]
    cells += [
        Cell(text, Vantage("resolver", text, text, "tls"), "lagging", wrong, until=AT, evidence=text),
        Cell(text, Vantage("edge", text, text, "https"), "right", warnings=(finding(text, "http.cached", "warning"),)),
        Cell(text, Vantage("edge", text, text, "tls"), "right", evidence=text, seconds=0.2, not_after=AT),
        Cell(text, Vantage("edge", text, text, "http"), "could-not-check", reason=text),
        Cell(text, Vantage("edge", text, "", "http"), "optional", reason=text),
    ]
    unknown = [CouldNotCheck(text, None, text)]
    whole = conclude(cells, unknown, strict=False, places={text: f"{text}:1:2"}, timing={"total_seconds": 1.0})
    expectations = parse(
        {
            "version": 1,
            "stack": text if text.isprintable() else "x\x1b[2J<b>",
            "pending": [{"id": text.encode("utf-8", "replace").decode(), "reason": "pending"}],
        }
    )
    return whole, expectations
