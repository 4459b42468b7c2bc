"""`linkproof`: one small file per command. Nothing heavy is imported before a command runs."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from infra.commands import (
    check,
    diff,
    doctor,
    drift,
    env,
    expectations,
    explain,
    guard,
    keep,
    lab,
    outlet,
    plan,
    recover,
    retire,
    schema,
    summary,
    verify,
)
from infra.errors import LinkproofError

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
    check,
    plan,
    diff,
    env,
    expectations,
    verify,
    guard,
    recover,
    retire,
    keep,
    drift,
    summary,
    explain,
    schema,
    doctor,
):
    module.register(app)
app.add_typer(lab.app, name="lab")


# A key or an id of a file from elsewhere may be megabytes long.
_LONGEST_LINE = 2000
# By custom 128 and the number of the signal.
_INTERRUPTED = 130


def _printable(text: str) -> str:
    """Arguments and files may hold terminal escapes; only line ends are let through, and no line is longer than one reads."""
    lines = (line[:_LONGEST_LINE] + "…" * (len(line) > _LONGEST_LINE) for line in text.split("\n"))
    return "".join(c if c.isprintable() or c == "\n" else c.encode("unicode_escape").decode() for c in "\n".join(lines))


def main() -> None:
    """The console script. A refusal is printed with its fix, never as a traceback; with `--json` also as a document."""
    outlet.install()
    try:
        app()
    except LinkproofError as error:
        print(f"error: {_printable(str(error))}", file=sys.stderr)
        if "--json" in sys.argv[1:]:
            from infra.commands.options import print_json

            said = {"problem": _printable(error.problem), "fix": _printable(error.fix), "exit": error.exit_code}
            print_json({"version": 1, "error": said})
        sys.exit(error.exit_code)
    except OSError as error:
        print(
            f"error: {_printable(str(error))}\n  fix: see to that file or device, and run this again", file=sys.stderr
        )
        sys.exit(2)
    except SystemExit as stop:
        if stop.code == _INTERRUPTED:
            outlet.clear_progress()
            print("interrupted: nothing more was asked or changed", file=sys.stderr)
        raise


if __name__ == "__main__":
    main()
