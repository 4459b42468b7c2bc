"""One host on one card: what it is, the way of a click with the place that breaks, and what nobody outside can tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from linkproof import registry

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from linkproof.look.mail import MailHost
    from linkproof.look.recognise import Recognised
    from linkproof.look.run import Looked
    from linkproof.verify.result import Cell, Finding

Mark = Literal["right", "broken", "warning", "unknown"]
Verdict = Literal["healthy", "broken", "cannot tell", "not judged"]
# Where on the way a rule breaks, by the beginning of its id; the first that fits counts.
_PLACES: Final = (
    ("dns.dangling", "target"),
    ("dns.cname-loop", "target"),
    ("dns.chain-depth", "target"),
    ("dns.target", "target"),
    ("dns.caa", "edge"),
    ("dns.", "name"),
    ("tls.", "edge"),
    ("http.origin", "sender"),
    ("http.host-not-forwarded", "sender"),
    ("http.path-dropped", "sender"),
    ("http.query-dropped", "sender"),
    ("http.hsts", "name"),
    ("http.https-record", "name"),
    ("http.preload", "name"),
    ("http.", "edge"),
    ("app.", "edge"),
)

NO_ROOT: Final = (
    "the root servers do not answer here as they do on the Internet: this network answers DNS in their place or blocks it;"
    " look from another network, or in the lab with --stack"
)


@dataclass(frozen=True, slots=True)
class Step:
    """One place on the way of a click.

    Args:
        place: `name`, `target`, `edge` or `sender`.
        label: the name, or who stands there.
        by: how one comes here from the step before.
        note: beside it, in a few words.
        rules: what is wrong here.
    """

    place: str
    label: str
    by: str = ""
    note: str = ""
    mark: Mark = "right"
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """One host.

    Args:
        what: what it is, in one line.
        questions: of the guide for whoever sends through Braze, each with its answer; empty where it sends no mail.
        cannot_tell: what nobody outside can see.
        unchecked: what could have been told, and was not.
    """

    host: str
    verdict: Verdict
    what: str
    steps: tuple[Step, ...]
    findings: tuple[Finding, ...]
    questions: tuple[tuple[str, str], ...] = ()
    cannot_tell: tuple[str, ...] = ()
    unchecked: tuple[str, ...] = ()
    seen: Recognised | None = None

    def to_json(self) -> dict[str, Any]:
        seen = self.seen
        assert seen is not None
        return {
            "host": self.host,
            "verdict": self.verdict,
            "what": self.what,
            "sender": seen.sender or None,
            "service": seen.service or None,
            "region": seen.region or None,
            "edge": seen.edge or None,
            "phase": seen.phase or None,
            "chain": list(seen.chain),
            "addresses": list(seen.addresses),
            "zone": seen.zone or None,
            "files": list(seen.files),
            "recognised_by": list(seen.how),
            "steps": [
                {"place": s.place, "label": s.label, "by": s.by, "note": s.note, "mark": s.mark, "rules": list(s.rules)}
                for s in self.steps
            ],
            "rules": list(dict.fromkeys(finding.rule for finding in self.findings)),
            "questions": [{"question": question, "answer": answer} for question, answer in self.questions],
            "cannot_tell": list(self.cannot_tell),
            "could_not_check": list(self.unchecked),
        }


def cards(looked: Looked, now: datetime, mail: Mapping[str, MailHost] | None = None) -> list[Card]:
    """A card for each host, in the order in which they were looked at."""
    findings: dict[str, list[Finding]] = {}
    for finding in looked.result.findings:
        for host in dict.fromkeys(_host_of(one) for one in (finding.id, *finding.affects)):
            findings.setdefault(host, []).append(finding)
    cells: dict[str, list[Cell]] = {}
    for cell in looked.result.cells:
        cells.setdefault(_host_of(cell.id), []).append(cell)
    unchecked: dict[str, list[str]] = {}
    for item in looked.result.could_not_check:
        unchecked.setdefault(_host_of(item.id), []).append(item.reason)
    return [
        _card(
            one,
            findings.get(one.host, []),
            cells.get(one.host, []),
            unchecked.get(one.host, []),
            (mail or {}).get(one.host),
            now,
        )
        for one in looked.seen
    ]


def _host_of(expectation: str) -> str:
    return expectation.split("/", 1)[0]


def _card(
    seen: Recognised,
    findings: Sequence[Finding],
    cells: Sequence[Cell],
    unchecked: Sequence[str],
    mail: MailHost | None,
    now: datetime,
) -> Card:
    errors = [finding for finding in findings if finding.severity == "error"]
    if seen.status == "unknown" and errors and all(finding.name == "." for finding in errors):
        # nothing of the host was seen: whoever answers here in the place of the root servers says nothing about it
        unchecked = (NO_ROOT, *unchecked)
        errors = []
    verdict: Verdict = "broken" if errors else "cannot tell" if unchecked else "healthy"
    if verdict == "healthy" and (seen.is_own or seen.service):
        verdict = "not judged"
    return Card(
        seen.host,
        verdict,
        _what(seen, mail),
        _steps(seen, findings, cells, now),
        _once(findings),
        _questions(seen, errors, mail),
        _cannot_tell(seen, mail),
        tuple(dict.fromkeys(unchecked)),
        seen,
    )


def _once(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """One fault of one name once, whoever shows it."""
    return tuple({(finding.rule, finding.name.rstrip(".")): finding for finding in reversed(findings)}.values())[::-1]


def _what(seen: Recognised, mail: MailHost | None) -> str:
    region = f" ({seen.region})" if seen.region else ""
    if seen.service:
        return f"a measurement host of {seen.service}, told by its name alone"
    if seen.is_tracking:
        return f"{seen.sender_title} tracking host"
    if seen.is_own:
        return f"{seen.sender_title}'s own name: links that nobody branded"
    if seen.status != "found":
        return f"no address: {seen.detail.rstrip('.')}" if seen.detail else "no address"
    if not seen.sender:
        where = seen.edge_title if seen.edge and seen.edge != "other" else "a server"
        return f"{where}, and no sender of mail is recognised behind it"
    if seen.phase == "branded":
        return f"{seen.sender_title} click host{region}, phase branded: it stands at the sender"
    if seen.phase == "managed":
        return f"{seen.sender_title} click host{region}, whose HTTPS is the sender's own"
    phase = "secured" if mail is not None and mail.https and not mail.http else "live"
    or_secured = "" if mail is not None and (mail.https or mail.http) else " or secured"
    return f"{seen.sender_title} click host{region} behind {seen.edge_title}, phase {phase}{or_secured}"


def _steps(seen: Recognised, findings: Sequence[Finding], cells: Sequence[Cell], now: datetime) -> tuple[Step, ...]:
    at: dict[str, list[Finding]] = {}
    for finding in findings:
        at.setdefault(_place_of(finding.rule), []).append(finding)
    steps = [Step("name", seen.host, note=_zone(seen))]
    if seen.is_own:
        return tuple(steps)
    steps += [Step("target", name.rstrip("."), "CNAME") for name in seen.chain]
    if seen.status != "found":
        steps.append(Step("target", "no address", "A", seen.detail, "broken"))
    else:
        where = f"{len(seen.addresses)} addresses" if len(seen.addresses) > 1 else next(iter(seen.addresses), "")
        by = f"A, {where}" if where else "A"
        if seen.edge or seen.is_tracking:
            steps.append(Step("edge", seen.edge_title or seen.sender_title, by, _certificate(cells, now)))
        if seen.sender and not seen.is_tracking:
            through = "HTTP, HTTPS" if seen.edge else by
            steps.append(Step("sender", f"{seen.sender_title}{f' ({seen.region})' if seen.region else ''}", through))
        elif seen.edge and not seen.service and not seen.is_tracking:
            steps.append(Step("sender", "no sender recognised", "HTTP, HTTPS", mark="unknown"))
    return tuple(_marked(steps, at))


def _marked(steps: Sequence[Step], at: Mapping[str, Sequence[Finding]]) -> list[Step]:
    """Each fault at the last step of its place; at the step before it where the way does not come so far."""
    from dataclasses import replace

    there = {step.place: number for number, step in enumerate(steps)}
    order = ("name", "target", "edge", "sender")
    marked = list(steps)
    for place, found in at.items():
        nearest = next((one for one in reversed(order[: order.index(place) + 1]) if one in there), "name")
        number = there[nearest]
        worst: Mark = "broken" if any(finding.severity == "error" for finding in found) else "warning"
        before = marked[number]
        rules = tuple(dict.fromkeys((*before.rules, *(finding.rule for finding in found))))
        mark: Mark = "broken" if "broken" in (worst, before.mark) else worst
        marked[number] = replace(before, mark=mark, rules=rules)
    return marked


def _place_of(rule: str) -> str:
    return next((place for begin, place in _PLACES if rule.startswith(begin)), "name")


def _zone(seen: Recognised) -> str:
    return f"zone {seen.zone.rstrip('.')}" if seen.zone.rstrip(".") else ""


def _certificate(cells: Sequence[Cell], now: datetime) -> str:
    ends = [cell.not_after for cell in cells if cell.not_after is not None]
    if not ends:
        return ""
    days = (min(ends) - now).days
    return f"certificate: {days} days left" if days >= 0 else f"certificate: expired {-days} days ago"


def _questions(seen: Recognised, errors: Sequence[Finding], mail: MailHost | None) -> tuple[tuple[str, str], ...]:
    """The three of Braze's guide on SSL click tracking, "Dépannage CDN"."""
    if not seen.sender or seen.is_tracking or seen.is_own:
        return ()
    at_sender = seen.phase == "branded"
    first = (
        "no: the sender terminates HTTPS itself" if seen.phase == "managed" else f"no: it leads to {seen.edge_title}"
    )
    if at_sender:
        first = f"yes: its CNAME leads to {(seen.chain or ('the sender',))[-1].rstrip('.')}, past any CDN"
    http = [finding for finding in errors if finding.rule.startswith(("http.", "tls."))]
    second = f"no: {seen.sender_title} answers for this host"
    if http:
        second = f"links break: {http[0].why}"
    third = "only a mail shows it: linkproof look --mail FILE"
    if mail is not None and (mail.http or mail.https):
        third = f"no: all {mail.https} links of this mail are https://"
        if mail.http:
            third = f"yes: {mail.http} of {mail.http + mail.https} links of this mail"
            third += "; SSL is switched on by Braze, or the sender's support, once the CDN is right"
    return (
        ("still at the sender, not at the CDN?", first),
        ("“wrong link”?", second),
        ("still http:// in mails?", third),
    )


def _cannot_tell(seen: Recognised, mail: MailHost | None) -> tuple[str, ...]:
    told = []
    if seen.phase == "live" and not (mail is not None and (mail.http or mail.https)):
        told.append("whether the sender writes https:// yet (live or secured)")
    is_link = bool(seen.sender) and not seen.is_tracking
    discover = registry.sender(seen.sender).discover if is_link else None
    if not seen.is_own and discover is not None and discover.HAS_OWNER_HOSTS:
        told.append("the owner host, and the account or subuser that the link belongs to")
    elif seen.sender:
        told.append("the account that the host belongs to")
    if is_link and not seen.region:
        told.append("the sender's region")
    return tuple(told)
