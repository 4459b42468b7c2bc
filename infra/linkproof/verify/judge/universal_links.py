"""The files for apps at every address of an endpoint: that they come, as their vendors take them, and cover the sender's links."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from linkproof.verify.judge.answer_text import http_text
from linkproof.verify.judge.app_association import (
    AppleApps,
    NoAssociationError,
    android_faults,
    delegates,
    names,
    read_apple,
    read_json,
)
from linkproof.verify.judge.subject import FindingSubject, Violation
from linkproof.verify.marks import AppLinks
from linkproof.verify.observations.vantage import Vantage
from linkproof.verify.observe.edge.app_files import APPLE, MOST_APPLE_OCTETS, wanted_files

if TYPE_CHECKING:
    from linkproof.expectations.model import EndpointExpectation, UniversalLinksExpectation
    from linkproof.verify.marks import Answers, Probe
    from linkproof.verify.observations.edge import EndpointObservation, HttpObservation
    from linkproof.verify.result import Cell, Severity

_RULE = "app.universal-links"
_APPLE_TYPES = frozenset({"application/json", "application/pkcs7-mime"})


class _ElsewhereError(Exception):
    """What is missing here may stand in a file that this one includes."""


def judge_universal_links(endpoint: EndpointExpectation, seen: EndpointObservation, sender: Answers) -> list[Cell]:
    """Judge each file at each address; none is asked for where none is declared.

    Args:
        endpoint: the expectation.
        seen: what its addresses served.
        sender: how the links for apps begin.
    """
    wanted = endpoint.universal_links
    if wanted is None:
        return []
    subject = FindingSubject(endpoint.id, endpoint.path, endpoint.host, "HTTPS")
    # before the host has moved here, and where HTTPS need not answer, nobody's app is kept shut
    hurts = endpoint.phase in {"live", "secured"} and endpoint.connect is None and endpoint.https == "required"
    cells: list[Cell] = []
    for file in wanted_files(endpoint):
        for address in seen.addresses:
            answer = seen.files.get((address, file.path))
            if answer is None or answer.outcome != "answered":
                reason = answer.detail if answer else "no handshake"
                vantage = answer.vantage if answer else Vantage("edge", endpoint.host, address, "https")
                cells.append(subject.could_not_check(vantage, f"{file.path}: {reason}"))
                continue
            cells += _file(subject, answer, file, wanted, sender, hurts=hurts)
    return cells


def _file(
    subject: FindingSubject,
    answer: HttpObservation,
    file: Probe,
    wanted: UniversalLinksExpectation,
    sender: Answers,
    *,
    hurts: bool,
) -> list[Cell]:
    expected = f"{file.path} as {'Apple' if file is APPLE else 'Android'} takes it"
    try:
        faults = list(_faults(answer, file, wanted, sender))
    except _ElsewhereError:
        cell = subject.could_not_check(answer.vantage, f"{file.path} includes another file, which is not read")
        return [replace(cell, can_change=False, evidence=http_text(answer), seconds=answer.seconds)]
    problems = [
        Violation(_RULE, expected, observed, severity=severity if hurts else "warning", asked_name=file.path)
        for observed, severity in faults
    ]
    cells = [subject.cell(problem, answer.vantage) for problem in problems]
    if not problems:
        cells = [subject.right(answer.vantage)]
        if file is APPLE and wanted.path is None and sender.app_links is None:
            reason = "nobody has documented how this sender writes links for apps: name their `path` to have it checked"
            cells.append(subject.optional(answer.vantage, f"{file.path}: {reason}"))
    return [replace(cell, evidence=http_text(answer), seconds=answer.seconds) for cell in cells]


def _faults(
    answer: HttpObservation, file: Probe, wanted: UniversalLinksExpectation, sender: Answers
) -> Iterator[tuple[str, Severity | None]]:
    """What is wrong, and how bad: None for the rule's own severity."""
    if 300 <= answer.status < 400:
        yield f"HTTP {answer.status} to {answer.header('location')[:200] or 'nowhere'}: no redirect is followed", None
        return
    if answer.status != 200:
        yield f"HTTP {answer.status}", None
        return
    kind = answer.header("content-type").partition(";")[0].strip().lower()
    if file is APPLE and kind not in _APPLE_TYPES:
        # Apple's present servers are said to be lenient; its documents are not
        yield f"Content-Type {kind[:80] or 'missing'}, not application/json", "warning"
    elif file is not APPLE and kind != "application/json":
        yield f"Content-Type {kind[:80] or 'missing'}, not application/json", None
    if len(answer.body) > MOST_APPLE_OCTETS:
        yield f"over {MOST_APPLE_OCTETS >> 10} KiB", None
        return
    if file is APPLE and kind == "application/pkcs7-mime":
        return  # signed, as iOS 8 wanted it; what is inside is not read
    try:
        tree = read_json(answer.body)
        if file is not APPLE:
            for fault in android_faults(tree, wanted.android or ()):
                if delegates(tree):
                    raise _ElsewhereError
                yield fault, None
            return
        apps = read_apple(tree)
    except NoAssociationError as error:
        yield str(error), None
        return
    yield from _apple_faults(apps, wanted, sender)


def _apple_faults(
    apps: AppleApps, wanted: UniversalLinksExpectation, sender: Answers
) -> Iterator[tuple[str, Severity | None]]:
    absent = [app for app in wanted.apple or () if app not in apps.patterns]
    if absent:
        yield f"no entry for {', '.join(absent)}{names(apps)}", None
    links = AppLinks(wanted.path, _below(wanted.path)) if wanted.path else sender.app_links
    if links is None:
        return
    asked = [app for app in wanted.apple or apps.patterns if app in apps.patterns]
    opened = [app for app in asked if _opens(apps, app, links)]
    shut = [app for app in asked if app not in opened]
    # without a declared app, one that opens the links is enough
    if shut and (wanted.apple or not opened):
        yield f"no path of {', '.join(app[:80] for app in shut[:5])} covers {links.below}*", None
    wide = [app for app in opened if links.other and apps.covers(app, links.other) == "yes"]
    if wide:
        app = ", ".join(app[:80] for app in wide[:5])
        yield f"{app} opens {links.other} too: every tracked link goes to the app, flagged or not", "warning"


def _opens(apps: AppleApps, app: str, links: AppLinks) -> bool:
    if links.sample:
        return apps.covers(app, links.sample) != "no"
    return apps.reaches_below(app, links.below)


def _below(path: str) -> str:
    """A link below a declared path: its token is a word like any other."""
    return f"{path}x" if path.endswith("/") else path
