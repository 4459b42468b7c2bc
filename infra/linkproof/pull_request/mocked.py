"""The project's program without an engine: what it registers, or how it fails. Started by `trial`, one process for each stack.

Every vendor's answer is what a preview has: the inputs, and for everything else "known after deployment". No vendor is asked.
"""

from __future__ import annotations

import asyncio
import json
import runpy
import sys
import traceback
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import pulumi
import yaml
from pulumi.runtime import mocks, set_all_config
from pulumi.runtime.settings import set_root_resource
from pulumi.runtime.stack import run_in_stack

from linkproof.project import Project

# In the place of a secret that the config holds encrypted: nobody is asked, so nobody refuses it.
PLACEHOLDER: Final = "known-to-the-engine-alone"
_ORGANIZATION: Final = "organization"


class _Answers(mocks.Mocks):
    def __init__(self) -> None:
        self.types: list[str] = []

    def call(self, args: mocks.MockCallArgs) -> tuple[dict[str, Any], list[Any]]:
        del args
        return {}, []  # pulumi 3.272 says that None is as good, and fails at it (findings/pulumi-mocks-refuse-none.sh)

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[None, dict[str, Any]]:
        if not args.typ.startswith("pulumi:"):
            self.types.append(args.typ)
        return None, dict(args.inputs)


def run(project: Project, stack: str) -> dict[str, Any]:
    """Run it once; `resources` by type, or `error`."""
    answers = _Answers()
    config = project.stack_config(stack)
    set_all_config({key: _text(value) for key, value in config.items() if not _is_secret(value)})
    main = _main(project)

    async def deploy() -> None:
        mocks.set_mocks(answers, project=project.name, stack=stack, preview=True, organization=_ORGANIZATION)
        set_root_resource(None)  # type: ignore[arg-type]  # `run_in_stack` makes the one that gets the exports
        await run_in_stack(main)

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the SDKs' own
            asyncio.run(deploy())
    except pulumi.RunError as error:
        return {"error": str(error)}
    except BaseException as error:  # a program may end in any way, and each is told
        return {"error": _told(error, project.root)}
    return {"resources": {kind: answers.types.count(kind) for kind in sorted(set(answers.types))}}


def _main(project: Project) -> Callable[[], None]:
    """What the engine would start: the folder that Pulumi.yaml names, or its own."""
    document = yaml.safe_load((project.root / "Pulumi.yaml").read_text())
    folder = project.root / str(document.get("main") or ".")

    def main() -> None:
        sys.path.insert(0, str(folder))
        runpy.run_path(str(folder / "__main__.py"), run_name="__main__")

    return main


def _is_secret(value: Any) -> bool:
    return isinstance(value, Mapping) and set(value) == {"secure"}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(_without_secrets(value))


def _without_secrets(value: Any) -> Any:
    if _is_secret(value):
        return PLACEHOLDER
    if isinstance(value, Mapping):
        return {str(key): _without_secrets(part) for key, part in value.items()}
    return [_without_secrets(part) for part in value] if isinstance(value, list) else value


def _told(error: BaseException, root: Path) -> str:
    """The exception, and the last place of it that is in the project or in the package."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(root) or "linkproof" in frame.filename]
    ours = [frame for frame in ours if frame.filename != __file__ and "site-packages" not in frame.filename] or ours
    said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    if not ours:
        return said
    last = Path(ours[-1].filename)
    return f"{said} ({last.relative_to(root) if last.is_relative_to(root) else last.name}:{ours[-1].lineno})"


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(json.dumps(run(Project.find(), sys.argv[1])))
