"""Links of a mail that are still http:// although the declaration says that the sender writes https: what only a mail shows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from linkproof.verify.judge.subject import FindingSubject, Violation
from linkproof.verify.observations.vantage import Vantage
from linkproof.words import counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from linkproof.declaration.model import Declaration
    from linkproof.look.mail import MailHost
    from linkproof.look.run import Looked


def with_unsecured(looked: Looked, mail: Mapping[str, MailHost], declaration: Declaration) -> Looked:
    """The same look with a finding for each click host that is declared `secured` and stands in the mail with http://.

    Args:
        mail: by host, all mails together.
    """
    links = {link.click_host.text: link for link in declaration.links.values() if link.phase == "secured"}
    cells = []
    for one in looked.seen:
        link, found = links.get(one.host), mail.get(one.host)
        if link is None or found is None or not found.http:
            continue
        of_mail = counted(found.http + found.https, "link")
        problem = Violation(
            "app.not-secured", "links written with https://", f"{found.http} of {of_mail} of this mail: http://"
        )
        subject = FindingSubject(f"{one.host}/edge", f"{link.path}.phase", one.host, "HTTP")
        cells.append(subject.cell(problem, Vantage("edge", one.host, "", "http")))
    if not cells:
        return looked
    findings = tuple(
        replace(cell.finding, place=str(declaration.place(cell.finding.path))) for cell in cells if cell.finding
    )
    result = looked.result
    coverage = replace(
        result.coverage, cells=result.coverage.cells + len(cells), checked=result.coverage.checked + len(cells)
    )
    return replace(
        looked,
        result=replace(
            result,
            verdict="differs",
            findings=(*result.findings, *findings),
            cells=(*result.cells, *cells),
            coverage=coverage,
        ),
    )
