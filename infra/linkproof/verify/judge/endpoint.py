"""One endpoint: its addresses, then TLS and HTTP at each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkproof.contract.declared import MANAGED
from linkproof.verify.judge.http import judge_http
from linkproof.verify.judge.owner import judge_owner
from linkproof.verify.judge.subject import FindingSubject, Violation
from linkproof.verify.judge.tls import judge_tls
from linkproof.verify.judge.upgrades import judge_upgrades
from linkproof.verify.marks import SENDER_ANSWERS, sender_answers
from linkproof.verify.observations.answer import Reply
from linkproof.verify.observations.vantage import Vantage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from linkproof.expectations.model import EndpointExpectation
    from linkproof.verify.marks import Answers
    from linkproof.verify.observations.edge import EndpointObservation
    from linkproof.verify.observations.resolved import Resolved
    from linkproof.verify.observations.vantage import Reachability
    from linkproof.verify.result import Cell


def judge_endpoint(
    endpoint: EndpointExpectation,
    seen: EndpointObservation,
    sender: Answers,
    edges: Mapping[str, Answers],
    reach: Reachability,
    now: datetime,
) -> list[Cell]:
    """Every cell of one endpoint.

    Args:
        endpoint: the expectation.
        seen: what its addresses showed.
        sender: the marks of its sender.
        edges: the marks of every known edge.
        reach: what else answered in this run.
        now: the moment of judging.
    """
    subject = FindingSubject(endpoint.id, endpoint.path, endpoint.host, "A")
    cells = _without_address(subject, endpoint, seen)
    owners = (sender, *edges.values())
    newest = max((tls.served[0].not_after for tls in seen.tls.values() if tls.served), default=None)
    for address in seen.addresses:
        if address in seen.tls:
            cells += judge_tls(endpoint, seen.tls[address], reach, now, owners=owners, newest=newest)
        if address in seen.https:
            cells += judge_http(endpoint, seen.https[address], seen.http.get(address), sender, edges, reach)
        if address in seen.http:
            cells += judge_http(endpoint, seen.http[address], seen.https.get(address), sender, edges, reach)
    if seen.passed_over:
        vantage = Vantage("edge", endpoint.host, "", "tls")
        reason = f"{endpoint.host} has {seen.passed_over} addresses more than the {len(seen.addresses)} that are probed"
        cells.append(subject.could_not_check(vantage, reason))
    for address in seen.optional_addresses:
        family = 6 if ":" in address else 4
        cells.append(
            subject.optional(
                Vantage("edge", endpoint.host, address, "tls"), f"IPv{family} is not declared for this endpoint"
            )
        )
    cells += _plain_behind(endpoint, seen, sender)
    cells += _unprobed(subject, endpoint, sender)
    cells += judge_owner(endpoint, seen)
    cells += judge_upgrades(endpoint, seen, now)
    return cells


def _plain_behind(endpoint: EndpointExpectation, seen: EndpointObservation, sender: Answers) -> list[Cell]:
    """An edge that is asked by https and asks the sender by http, where the sender's answer tells."""
    if not sender.protocol_header:
        return []
    subject = FindingSubject(endpoint.id, endpoint.path, endpoint.host, "HTTPS")
    header = sender.protocol_header
    return [
        subject.cell(Violation("http.plain-to-sender", f"{header}: https", f"{header}: http"), answer.vantage)
        for _, answer in sorted(seen.https.items())
        if answer.header(header).lower() == "http"
    ]


UNSEEN_ID = "links"


def judge_unseen(endpoints: Sequence[EndpointExpectation]) -> list[Cell]:
    """What no request without side effects can show, said once: nothing unchecked counts as passed."""
    links = [endpoint for endpoint in endpoints if endpoint.sender is not None]
    behind = [endpoint for endpoint in links if endpoint.edge not in {None, MANAGED}]
    subject = FindingSubject(UNSEEN_ID, "", "", "HTTP")
    vantage = Vantage("edge", "every edge", "", "https")
    without = [endpoint for endpoint in behind if not endpoint.canaries]
    # a tracking host has a phase by default, and nobody writes links to it
    unsampled = [
        endpoint
        for endpoint in links
        if not endpoint.canaries
        and endpoint.in_use
        and endpoint.phase in {"live", "secured"}
        and sender_answers(endpoint.sender).probe
    ]
    reasons = [
        "whether the edge keeps the reader's User-Agent and address: only the sender's events show it",
        "whether the edge keeps the reader's cookies from the sender: only its configuration shows it",
        "whether browsers that share an HTTP/2 connection among hosts get 421 for one of them: only HTTP/1.1 is spoken here",
        "whether an address gives every reader the same answer: each is asked once by each scheme",
        "whether the edge lets a POST through, as one-click unsubscribe sends it (RFC 8058): `linkproof conformance` shows it",
        "whether the edge asks again when the sender drops a connection, so that one click counts twice: `linkproof conformance` shows it",
        "whether the edge takes links of more than 4,096 characters: `linkproof conformance` shows it",
    ]
    if not behind:
        reasons = []
    if without:
        reasons.insert(
            0,
            "whether the edge keeps query strings and paths apart and leaves destinations as they are: only two real links"
            f" with different destinations show it, and they count as clicks; {_some(without)} without `canaries`",
        )
    if unsampled:
        reasons.append(
            f"whether the sender writes https:// yet: only a mail shows it; {_some(unsampled)} without a sample in `canaries`"
        )
    for name in dict.fromkeys(endpoint.sender for endpoint in links):
        of_this = [endpoint for endpoint in links if endpoint.sender == name]
        reasons += [f"{one}: {_some(of_this)} not told" for one in sender_answers(name).unseen]
    return [subject.optional(vantage, reason) for reason in reasons]


def _some(endpoints: Sequence[EndpointExpectation]) -> str:
    shown = ", ".join(endpoint.id for endpoint in endpoints[:3])
    return (
        f"{shown} and {len(endpoints) - 3} more are"
        if len(endpoints) > 3
        else f"{shown} {'is' if len(endpoints) == 1 else 'are'}"
    )


def judge_waiting_endpoint(endpoint: EndpointExpectation, lagging: Cell) -> Cell:
    """The host's own record is still allowed to be old, so its old target is what would be probed."""
    assert lagging.finding is not None
    subject = FindingSubject(endpoint.id, endpoint.path, endpoint.host, "TLS")
    problem = Violation(
        lagging.finding.rule,
        "the host at its new target",
        "not asked: the host's record still shows the old one",
        lagging.finding.why,
    )
    return subject.cell(problem, Vantage("edge", endpoint.host, "", "tls"), until=lagging.until)


def _without_address(subject: FindingSubject, endpoint: EndpointExpectation, seen: EndpointObservation) -> list[Cell]:
    resolved = seen.resolved
    if resolved is None:
        return []
    if resolved.status == "unknown" and not seen.addresses:
        return [subject.could_not_check(_vantage(resolved), f"no address of {resolved.chain[0]}: {resolved.detail}")]
    if resolved.status == "loop":
        return [
            subject.cell(
                Violation(
                    "dns.cname-loop",
                    "an address",
                    " → ".join(resolved.chain),
                    resolved.detail,
                    asked_name=resolved.chain[-1],
                    asked_type="CNAME",
                ),
                _vantage(resolved),
            )
        ]
    if not seen.addresses and not seen.optional_addresses:
        observed = f"{' → '.join(resolved.chain)}: {resolved.detail or 'no address'}"
        rule = "dns.dangling-target"
        if len(resolved.chain) == 1 and endpoint.connect is None:
            # no CNAME leads anywhere: the host itself is gone, or has no address
            is_gone = isinstance(resolved.last, Reply) and resolved.last.rcode == "NXDOMAIN"
            rule = "dns.missing-name" if is_gone else "dns.missing-type"
        problem = Violation(rule, "an address to connect to", observed, asked_name=resolved.chain[-1])
        return [subject.cell(problem, _vantage(resolved))]
    cells = []
    for family in seen.missing_families:
        what = "AAAA" if family == 6 else "A"
        why = f"IPv{family} is declared for {endpoint.host} and it has no such address"
        problem = Violation("dns.missing-type", what, f"no {what}", why, asked_name=resolved.chain[-1], asked_type=what)
        cells.append(subject.cell(problem, _vantage(resolved)))
    return cells


def _unprobed(subject: FindingSubject, endpoint: EndpointExpectation, sender: Answers) -> list[Cell]:
    cells = []
    vantage = Vantage("edge", endpoint.host, "", "http")
    if sender.probe is None:
        if endpoint.sender in SENDER_ANSWERS:
            cells.append(
                subject.optional(
                    vantage, f"{endpoint.sender} has no request that leaves no event, so HTTP is not asked"
                )
            )
        elif "required" in {endpoint.http, endpoint.https}:
            cells.append(
                subject.could_not_check(
                    vantage, f"no safe request is known for sender {endpoint.sender}", can_change=False
                )
            )
    return cells


def _vantage(resolved: Resolved) -> Vantage:
    return resolved.last.vantage if resolved.last else Vantage("authoritative", resolved.chain[-1], "", "udp")
