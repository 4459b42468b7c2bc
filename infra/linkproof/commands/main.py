"""`linkproof`: one small file per command. Nothing heavy is imported before a command runs."""

from __future__ import annotations

import sys
from typing import Annotated, NoReturn

import typer

from linkproof.commands import (
    adopt,
    certificates,
    check,
    conformance,
    dangling,
    deploy,
    diff,
    doctor,
    drift,
    env,
    expectations,
    explain,
    failover,
    guard,
    init,
    karte,
    keep,
    lab,
    look,
    merge,
    move,
    new,
    nights,
    plan,
    probe,
    recover,
    render,
    retire,
    schema,
    server_config,
    ses,
    show,
    standard_streams,
    step,
    summary,
    support_request,
    verify,
)
from linkproof.errors import LinkproofError

app = typer.Typer(
    name="linkproof",
    help="Declares, provisions and proves the hosts that e-mail and web tracking depend on.",
    no_args_is_help=True,
    add_completion=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"linkproof {version('linkproof')}")
        raise typer.Exit


@app.callback()
def _about(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Declares, provisions and proves the hosts that e-mail and web tracking depend on."""


for module in (
    look,
    new,
    init,
    check,
    plan,
    probe,
    deploy,
    step,
    diff,
    env,
    expectations,
    verify,
    merge,
    conformance,
    guard,
    recover,
    adopt,
    retire,
    failover,
    move,
    keep,
    drift,
    nights,
    dangling,
    show,
    server_config,
    certificates,
    summary,
    support_request,
    explain,
    schema,
    doctor,
):
    module.register(app)
app.add_typer(karte.app, name="karte")
app.add_typer(ses.app, name="ses")
app.add_typer(render.app, name="render")
app.add_typer(lab.app, name="lab")


# By custom 128 and the number of the signal.
_INTERRUPTED = 130


def main() -> None:
    """The console script. A refusal is printed with its fix, never as a traceback; with `--json` also as a document.

    A fault of linkproof itself ends with a code of its own: by Python's 1 a script would read that something differs.
    """
    standard_streams.install()
    try:
        app()
    except LinkproofError as error:
        _refuse(error.problem, error.fix, error.exit_code)
    except OSError as error:
        print(
            f"error: {standard_streams.printable(str(error))}\n  fix: see to that file or device, and run this again",
            file=sys.stderr,
        )
        sys.exit(2)
    except SystemExit as stop:
        if stop.code == _INTERRUPTED:
            standard_streams.clear_progress()
            print("interrupted: nothing more was asked or changed", file=sys.stderr)
        raise
    except Exception as error:
        from linkproof.commands import crash
        from linkproof.extras import missing

        standard_streams.clear_progress()
        if isinstance(error, ModuleNotFoundError) and (lacking := missing(error)) is not None:
            _refuse(lacking.problem, lacking.fix, lacking.exit_code)
        crash.trace(error)
        _refuse(crash.describe(error), crash.FIX, crash.EXIT_CODE)


def _refuse(problem: str, fix: str, exit_code: int) -> NoReturn:
    """Say what is wrong and what to do, for people and with `--json` for programs, and end."""
    print(f"error: {standard_streams.printable(str(LinkproofError(problem, fix)))}", file=sys.stderr)
    if "--json" in sys.argv[1:]:
        from linkproof.commands.options import print_json

        said = {
            "problem": standard_streams.printable(problem),
            "fix": standard_streams.printable(fix),
            "exit": exit_code,
        }
        print_json({"version": 1, "error": said})
    sys.exit(exit_code)


if __name__ == "__main__":
    main()
