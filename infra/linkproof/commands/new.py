"""`linkproof new`: a project for users of the package, with one environment to fill in."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from linkproof.commands.init import stack_files
from linkproof.commands.options import Json, print_json
from linkproof.errors import LinkproofError

PROJECT = """\
name: PROJECT
description: Branded click links and tracking hosts, declared, provisioned and proved.
main: infra
runtime:
  name: python
  options:
    toolchain: pip
    virtualenv: .venv
# linkproof's own providers: the history of what each record served lives in the state, objects of SendGrid, SparkPost and KeyCDN, and dynamic updates of DNS
plugins:
  providers:
    - {name: linkproof, path: infra/provider}
    - {name: sendgrid, path: infra/provider}
    - {name: sparkpost, path: infra/provider}
    - {name: rfc2136, path: infra/provider}
    - {name: keycdn, path: infra/provider}
requiredPulumiVersion: ">=OLDEST"
"""

PROGRAM = '''\
"""What the engine starts. The declaration says what exists; the package does the rest."""

from linkproof.program import run

run()
'''

PROVIDER = """\
#!/bin/sh
# Started by the engine, with the engine's environment; the project's virtual environment is used where there is one.
root=$(cd "$(dirname "$0")/../.." && pwd -L)
python=python3
[ -x "$root/.venv/bin/python" ] && python="$root/.venv/bin/python"
exec "$python" -P -m linkproof.providers.PROVIDER "$@"
"""
PROVIDERS = ("linkproof", "sendgrid", "sparkpost", "rfc2136", "keycdn")

REQUIREMENTS = """\
# aws and cloudflare are what deploys; add `lab` for stacks that say `lab: true`. The verifier alone needs no extra.
linkproof[aws,cloudflare]==VERSION
"""

IGNORED = """\
.venv/
.linkproof/
__pycache__/
"""

README = """\
# PROJECT

1. `python3 -m venv .venv && .venv/bin/pip install -r infra/requirements.txt`; a Pulumi CLI OLDEST or newer is on PATH.
2. Fill in [stacks/STACK.yaml](stacks/STACK.yaml), then `.venv/bin/linkproof check STACK` and `.venv/bin/linkproof plan STACK`.
3. Choose a backend (`pulumi login`), then `eval "$(.venv/bin/linkproof env STACK)"` and `pulumi stack init STACK`.
4. Each deployment: `linkproof deploy STACK`.
5. After each, a failed one too: `linkproof expectations STACK`, then `linkproof verify STACK`.
"""
PIPELINES = """
The pipelines in PLACE check, preview, deploy and compare by themselves once their variables are set: PULUMI_BACKEND_URL, AWS_PREVIEW_ROLE_ARN (may read),
AWS_DEPLOY_ROLE_ARN (at the environment STACK, which asks for approval). Another environment is one more name in their lists.
"""


def register(app: typer.Typer) -> None:
    app.command()(new)


def new(
    folder: Annotated[Path, typer.Argument(help="The project's folder; made where there is none.", metavar="DIR")],
    stack: Annotated[str, typer.Option("--stack", "-s", help="Its first environment.")] = "prod",
    pipelines: Annotated[
        str, typer.Option("--ci", help="Pipelines for: github, gitlab, or none.", metavar="SYSTEM")
    ] = "github",
    as_json: Json = False,
) -> None:
    """Write a project into DIR: what the engine starts, one environment to fill in, and pipelines. Never overwrites a file."""
    from linkproof.ci.files import SYSTEMS

    if pipelines not in SYSTEMS:
        raise typer.BadParameter(f"--ci {pipelines!r}: write one of {', '.join(SYSTEMS)}")
    files = _files(folder, stack, pipelines)
    there = [str(path) for path in files if (folder / path).exists() or (folder / path).is_symlink()]
    if there:
        raise LinkproofError(
            f"{folder} already has {', '.join(there)}",
            "give another folder; inside a project `linkproof init NAME --empty` adds an environment",
        )
    _write(folder, files)
    written = [str(folder / path) for path in files]
    if as_json:
        print_json({"version": 1, "written": written})
        return
    for path in written:
        print(f"written: {path}")
    print(f"next: the five steps in {folder / 'README.md'}")


def _files(folder: Path, stack: str, system: str) -> dict[Path, str]:
    """Their text by their path in the folder, before anything is written."""
    import json
    from importlib.metadata import version

    from linkproof.ci.files import pipelines
    from linkproof.declaration.schema import json_schema
    from linkproof.engine.environment import OLDEST_CLI

    words = {
        "PROJECT": _project_name(folder),
        "OLDEST": ".".join(map(str, OLDEST_CLI)) + ".0",
        "VERSION": version("linkproof"),
        "STACK": stack,
    }

    def filled(text: str) -> str:
        return re.sub("|".join(words), lambda found: words[found[0]], text)

    ci = pipelines(system, stack)
    if ci:
        words["PLACE"] = f"`{next(iter(ci)).parent}`"
    schema = json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
    return {
        Path("Pulumi.yaml"): filled(PROJECT),
        Path("infra/__main__.py"): PROGRAM,
        **{Path(f"infra/provider/pulumi-resource-{name}"): PROVIDER.replace("PROVIDER", name) for name in PROVIDERS},
        Path("infra/requirements.txt"): filled(REQUIREMENTS),
        **stack_files(stack),
        Path("schemas/declaration.schema.json"): schema,
        Path(".gitignore"): IGNORED,
        Path("README.md"): filled(README + (PIPELINES if ci else "")),
        **ci,
    }


def _project_name(folder: Path) -> str:
    """The folder's own name, of the characters that Pulumi takes."""
    return re.sub(r"[^A-Za-z0-9_.-]+", "-", folder.resolve().name).strip("-.")[:100] or "linkproof"


def _write(folder: Path, files: dict[Path, str]) -> None:
    """All of them, or none: what was made is taken back where one cannot be written."""
    made: list[Path] = []
    try:
        for path, text in files.items():
            file = folder / path
            for parent in reversed(file.parents):
                if not parent.exists():
                    parent.mkdir()
                    made.append(parent)
            with file.open(
                "x", encoding="utf-8"
            ) as stream:  # x: a file that came up meanwhile is not overwritten either
                made.append(file)
                stream.write(text)
            if text.startswith("#!"):
                file.chmod(file.stat().st_mode | 0o111)
    except BaseException:
        for path in reversed(made):
            path.rmdir() if path.is_dir() else path.unlink()
        raise
