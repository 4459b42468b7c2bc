"""`linkproof verify`: what DNS, TLS and HTTP answer, against what was declared."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from linkproof.commands.lab_part import lab_part
from linkproof.commands.options import DnsPort, Hints, Json, Resolvers, TrustFile, WebPort, seconds

if TYPE_CHECKING:
    from linkproof.declaration.model import Declaration
    from linkproof.expectations.model import Expectations
    from linkproof.project import Project
    from linkproof.verify.options import VerifyOptions
    from linkproof.verify.result import VerificationResult


def register(app: typer.Typer) -> None:
    app.command()(verify)


def verify(
    stack: Annotated[str | None, typer.Argument(help="A stack of this project.", metavar="STACK")] = None,
    expectations: Annotated[Path | None, typer.Option(help="An expectations.json, in place of a stack.")] = None,
    hints: Hints = None,
    resolver: Resolvers = None,
    dns_port: DnsPort = None,
    http_port: WebPort = None,
    https_port: WebPort = None,
    ca: TrustFile = None,
    save: Annotated[
        Path | None,
        typer.Option(help="Folder for the raw evidence: new, empty, or of an earlier run, which is replaced."),
    ] = None,
    evidence: Annotated[Path | None, typer.Option(help="Judge a folder of --save again, offline.")] = None,
    wait: Annotated[str, typer.Option(help="Go on polling what is not yet right, for example 10m.")] = "0s",
    strict: Annotated[bool, typer.Option("--strict", help="Warnings count.")] = False,
    report: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FORMAT=FILE",
            help="Write a report beside the text: text, json, sarif, html, markdown or prometheus; may repeat. "
            "With `-` as its file it goes to standard output, in place of the text.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Prove from outside that everything is as declared. 0 proven, 1 differs, 3 not proven, 4 lagging."""
    from linkproof.commands.reports import parse_reports

    reports = parse_reports(report or [], as_json=as_json)
    if [stack, expectations, evidence].count(None) != 2:
        raise typer.BadParameter("name a STACK, an --expectations FILE or an --evidence DIR, one of the three")
    given = {
        "hints": hints,
        "resolvers": tuple(resolver) if resolver else None,
        "dns_port": dns_port,
        "http_port": http_port,
        "https_port": https_port,
        "ca": ca,
        "save": save,
        "strict": strict,
        "wait_seconds": seconds(wait),
    }
    if evidence is not None:
        asked = [_option(name) for name, value in given.items() if name != "strict" and value not in (None, 0.0)]
        if asked:
            raise typer.BadParameter(f"--evidence asks nobody, so {', '.join(asked)} cannot go with it")
        from linkproof.verify.replay import judge_again

        judged = judge_again(evidence, strict=strict, progress=None if as_json else progress_line())
        _tell(judged.result, judged.expectations, reports, as_json=as_json)
    from linkproof.expectations.model import load, require_known_edges
    from linkproof.verify.run import verify as run

    places: dict[str, str] = {}
    work_dir: Path | None = None
    in_the_lab, declared = False, ""
    if stack is not None:
        from linkproof.declaration.fingerprint import fingerprint
        from linkproof.declaration.load import require
        from linkproof.project import Project

        project = Project.find()
        expectations = project.expectations_file(stack)
        work_dir = project.work_dir(stack)
        declaration = require(project.declaration_file(stack))
        given = {
            **defaults_of(project, declaration),
            **{name: value for name, value in given.items() if value is not None},
        }
        # below the project's root, as a pull request shows files
        places = {
            path: str(replace(place, file=project.shown(Path(place.file))))
            for path, place in declaration.places.items()
        }
        in_the_lab = declaration.lab
        declared = fingerprint(declaration)
    assert expectations is not None
    from linkproof.verify.report.registry import WITH_ANSWERS

    options = verify_options_of({**given, "with_answers": any(name in WITH_ANSWERS for name, _ in reports)})
    wanted = load(expectations, stack or "")
    require_known_edges(wanted, str(expectations))
    if declared and wanted.declaration not in ("", declared):
        wanted = _outdated(wanted, f"{stack}")
    result = run(wanted, options, places=places, progress=None if as_json else progress_line())
    is_lab_down = in_the_lab and result.coverage.cells > 0 and not result.coverage.checked
    hint = "nothing of the lab answers; fix: start it with `linkproof lab up`" if is_lab_down else ""
    closing = _certificates(stack, declaration, result) if stack is not None else ""
    _tell(result, wanted, reports, as_json=as_json, hint=hint, closing=closing, work_dir=work_dir)


def _option(name: str) -> str:
    renamed = {"wait_seconds": "wait", "resolvers": "resolver"}
    return f"--{renamed.get(name, name).replace('_', '-')}"


def _certificates(stack: str, declaration: Declaration, result: VerificationResult) -> str:
    from datetime import UTC, datetime

    from linkproof.standing.certificates import certificates

    now = datetime.now(UTC)
    return certificates(stack, declaration, result.to_json(), now, now).in_a_line()


def _outdated(expectations: Expectations, stack: str) -> Expectations:
    """What was deployed is not what is declared now, so whatever holds outside, the declaration is not proven."""
    from linkproof.expectations.model import PendingExpectation

    reason = f"it has changed since its expectations were written: deploy it, then run `linkproof expectations {stack}`"
    pending = (*expectations.pending, PendingExpectation(id="declaration", reason=reason))
    return expectations.model_copy(update={"pending": pending})


def _tell(
    result: VerificationResult,
    expectations: Expectations,
    reports: list[tuple[str, Path]],
    *,
    as_json: bool,
    hint: str = "",
    closing: str = "",
    work_dir: Path | None = None,
) -> NoReturn:
    """Print the verdict, and only then write files: whatever becomes of them, what was found has been said."""
    from linkproof.commands.reports import STANDARD_OUTPUT, write_reports
    from linkproof.commands.standard_streams import clear_progress

    clear_progress()
    printed = [report for report in reports if report[1] == STANDARD_OUTPUT]
    if printed:
        write_reports(printed, result, expectations)
    elif as_json:
        from linkproof.verify.report.document import dumps

        print(dumps(result.to_json()), end="")
    else:
        from rich.console import Console

        from linkproof.verify.report.text import render

        render(result, Console(soft_wrap=True, highlight=False))
        if closing:
            print(closing)
    sys.stdout.flush()
    files = [report for report in reports if report not in printed]
    is_written = _write_files(result, expectations, files, work_dir)
    if hint:
        print(hint, file=sys.stderr)
    raise typer.Exit(result.exit_code if is_written else 2)


def _write_files(
    result: VerificationResult, expectations: Expectations, reports: list[tuple[str, Path]], work_dir: Path | None
) -> bool:
    """Everything that is kept, each whatever becomes of the others; False where one could not be, which is said on standard error."""
    from datetime import UTC, datetime

    from linkproof.commands.reports import write_reports
    from linkproof.engine.own_requests import OwnRequests, sent_to_edges
    from linkproof.errors import LinkproofError

    def keep() -> None:
        if work_dir is not None:
            work_dir.mkdir(parents=True, exist_ok=True)
            document = json.dumps(result.to_json(), indent=1, ensure_ascii=False)
            (work_dir / "verify.json").write_text(document + "\n")
            OwnRequests(work_dir).keep(sent_to_edges(expectations, result), datetime.now(UTC))

    def evidence() -> None:
        if result.unwritten is not None:
            raise result.unwritten

    is_written = True
    for write in (keep, evidence, lambda: write_reports(reports, result, expectations)):
        try:
            write()
        except LinkproofError as error:
            is_written = False
            print(f"error: {error}", file=sys.stderr)
        except OSError as error:
            is_written = False
            print(f"error: {error}\n  fix: see to that file or device, and run this again", file=sys.stderr)
    return is_written


def defaults_of(project: Project, declaration: Declaration) -> dict[str, Any]:
    """What the declaration's `verify:` says; in the lab, what the lab says."""
    said = declaration.verify
    defaults: dict[str, Any] = {}
    if declaration.lab:
        lab = lab_part("settings").LabSettings.load(project.lab_dir)
        defaults = {
            "hints": lab.hints_file,
            "resolvers": (f"{lab.resolver}:{lab.dns_port}",),
            "dns_port": lab.dns_port,
            "http_port": lab.http_port,
            "https_port": lab.https_port,
            "ca": lab.ca_file,
        }
    declared = {
        "hints": project.root / said.hints if said.hints else None,
        "resolvers": said.resolvers or None,
        "dns_port": said.dns_port,
        "http_port": said.http_port,
        "https_port": said.https_port,
        "ca": project.root / said.ca if said.ca else None,
    }
    return defaults | {name: value for name, value in declared.items() if value is not None}


def verify_options(project: Project, declaration: Declaration) -> VerifyOptions:
    """How this stack's internet is asked where nobody says otherwise."""
    return verify_options_of(defaults_of(project, declaration))


def verify_options_of(given: dict[str, Any]) -> VerifyOptions:
    """Options by their names in `VerifyOptions`, resolvers as text; None is its default."""
    from linkproof.verify.options import ResolverAddress, VerifyOptions

    values = {name: value for name, value in given.items() if value is not None}
    values["resolvers"] = tuple(ResolverAddress.parse(text) for text in values.get("resolvers", ()))
    return VerifyOptions(**values)


def progress_line() -> Any:
    """Progress goes to standard error, and only where a person is looking."""
    import sys

    if not sys.stderr.isatty():
        return None
    return lambda message: print(f"\r\x1b[K{message}", end="", file=sys.stderr, flush=True)
