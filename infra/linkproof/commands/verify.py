"""`linkproof verify`: what DNS, TLS and HTTP answer, against what was declared."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from linkproof.commands.lab_part import lab_part
from linkproof.commands.options import DnsPort, Hints, Json, Reports, Resolvers, TrustFile, WebPort, seconds
from linkproof.commands.telling import tell

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
    jobs: Annotated[
        str, typer.Option(metavar="N|auto", help="Ask by N processes of this machine; auto: as many as cores.")
    ] = "1",
    shard: Annotated[
        str | None,
        typer.Option(
            metavar="K/N|auto",
            help="Ask about this share of the zones alone, for `merge`; auto: by its engine's variables.",
        ),
    ] = None,
    vantage: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="The place from which is asked, as tokyo; with --engine it may repeat."),
    ] = None,
    engine: Annotated[
        str | None, typer.Option(metavar="dask://HOST:PORT", help="Ask in shards on this cluster's workers.")
    ] = None,
    shards: Annotated[
        int | None, typer.Option(min=1, max=10_000, help="With --engine: how many; default: as many as workers.")
    ] = None,
    engine_wait: Annotated[
        str | None,
        typer.Option(
            metavar="DURATION",
            help="With --engine: how long a vantage may have no worker before it counts as not heard.",
            show_default="60s",
        ),
    ] = None,
    since: Annotated[
        Path | None,
        typer.Option(
            metavar="RESULT", help="Ask what was not right in this result, expires or changed, and some of the rest."
        ),
    ] = None,
    sample: Annotated[
        str | None, typer.Option(metavar="1/N", help="With --since: N runs ask all of the rest.", show_default="1/24")
    ] = None,
    report: Reports = None,
    as_json: Json = False,
) -> None:
    """Prove from outside that everything is as declared. 0 proven, 1 differs, 3 not proven, 4 lagging."""
    from linkproof.commands.on_engine import refuse_what_needs, verify_on_engine
    from linkproof.commands.reports import parse_reports
    from linkproof.shards.identity import HERE, vantage_name
    from linkproof.shards.index import AUTO, shard_of
    from linkproof.shards.jobs.number import jobs_of
    from linkproof.shards.partition import WHOLE, Shard
    from linkproof.shards.run import SHARE
    from linkproof.shards.since import sample_of

    reports = parse_reports(report or [], as_json=as_json)
    if [stack, expectations, evidence].count(None) != 2:
        raise typer.BadParameter("name a STACK, an --expectations FILE or an --evidence DIR, one of the three")
    processes = jobs_of(jobs)
    several = jobs if jobs.strip() != "1" else None
    if several and save is not None:
        raise typer.BadParameter("--save keeps what one process was answered, in its order, so it needs --jobs 1")
    alone = {"--shard": shard, "--since": since, "--save": save, "--evidence": evidence, "--jobs": several}
    refuse_what_needs(engine, alone, {"--shards": shards, "--engine-wait": engine_wait})
    names = [vantage_name(name) for name in vantage or ()]
    if engine is None and len(names) > 1:
        raise typer.BadParameter(
            "from here there is one --vantage; several are asked by workers that stand there: --engine"
        )
    shard = shard_of(os.environ) if shard == AUTO else shard
    part, place = Shard.parse(shard) if shard else WHOLE, names[0] if names else HERE
    if sample is not None and since is None:
        raise typer.BadParameter("--sample says how much of the rest is asked: it needs --since RESULT")
    share = sample_of(sample) if sample is not None else SHARE
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
        asked += [
            name
            for name, value in (
                ("--shard", shard),
                ("--vantage", names or None),
                ("--since", since),
                ("--jobs", several),
            )
            if value is not None
        ]
        if asked:
            raise typer.BadParameter(f"--evidence asks nobody, so {', '.join(asked)} cannot go with it")
        from linkproof.verify.replay import judge_again

        judged = judge_again(evidence, strict=strict, progress=None if as_json else progress_line())
        tell(judged.result, judged.expectations, reports, as_json=as_json)
    from linkproof.expectations.model import load, require_known_edges
    from linkproof.shards.document import load as load_result
    from linkproof.shards.run import verify_part

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
    progress = None if as_json else progress_line()
    if engine is not None:
        result = verify_on_engine(
            engine, wanted, options, shards=shards, vantages=names, wait=engine_wait, places=places, progress=progress
        )
    else:
        result = verify_part(
            wanted,
            options,
            shard=part,
            vantage=place,
            since=load_result(since) if since is not None else None,
            share=share,
            jobs=processes,
            places=places,
            progress=progress,
        )
    is_lab_down = in_the_lab and result.coverage.cells > 0 and not result.coverage.checked
    hint = "nothing of the lab answers; fix: start it with `linkproof lab up`" if is_lab_down else ""
    closing = _certificates(stack, declaration, result) if stack is not None and part == WHOLE else ""
    tell(
        result,
        wanted,
        reports,
        as_json=as_json,
        hint=hint,
        closing=closing,
        work_dir=work_dir,
        is_whole=part == WHOLE,
    )


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
    from linkproof.expectations.model import OUTDATED_ID, PendingExpectation

    reason = f"it has changed since its expectations were written: deploy it, then run `linkproof expectations {stack}`"
    pending = (*expectations.pending, PendingExpectation(id=OUTDATED_ID, reason=reason))
    return expectations.model_copy(update={"pending": pending})


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
