"""A project's pipelines, with their actions pinned by commit."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from linkproof.errors import LinkproofError

# By the commit, for a tag can be moved; the version is for people.
ACTIONS: Final[Mapping[str, str]] = {
    "CHECKOUT": "actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0",
    "SETUP_PYTHON": "actions/setup-python@e797f83bcb11b83ae66e0230d6156d7c80228e7c # v6.0.0",
    "UPLOAD_ARTIFACT": "actions/upload-artifact@ea165f8d65b6e75b540449e92b4886f43607fa02 # v4.6.2",
    "UPLOAD_SARIF": "github/codeql-action/upload-sarif@f443b600d91635bebf5b0d9ebc620189c0d6fba5 # v4.30.8",
    "DOWNLOAD_ARTIFACT": "actions/download-artifact@d3f86a106a0bac45b974a628896c90dbdf5c8093 # v4.3.0",
    "AWS_CREDENTIALS": "aws-actions/configure-aws-credentials@a03048d87541d1d9fcf2ecf528a4a65ba9bd7838 # v5.0.0",
    "PULUMI": "pulumi/actions@8582a9e8cc630786854029b4e09281acd6794b58 # v6.6.1, which only installs where no command is given",
}
PULUMI_VERSION: Final = "3.276.0"
# Where the package comes from; a repository of linkproof itself has a script for it.
INSTALL: Final = "python3 -m venv .venv && .venv/bin/pip install -r infra/requirements.txt"
SYSTEMS: Final[Mapping[str, Mapping[str, str]]] = {
    "github": {
        f"github-{name}.yaml": f".github/workflows/{name}.yml"
        for name in ("check", "preview", "preview-comment", "deploy", "drift")
    },
    "gitlab": {"gitlab.yaml": ".gitlab/linkproof.yml"},
    "none": {},
}
# docs.github.com: "A matrix will generate a maximum of 256 jobs per workflow run"; docs.gitlab.com, `parallel`: 1 to 200.
MOST_JOBS: Final[Mapping[str, int]] = {"github": 256, "gitlab": 200}


def pipelines(system: str, stack: str, install: str = INSTALL) -> dict[Path, str]:
    """Their text by their path in the project.

    Args:
        system: a key of `SYSTEMS`.
        stack: the environment that is deployed; others are added to the same lists.
        install: the command that makes `.venv`.
    """
    return {
        Path(path): _filled(template, {"INSTALL": install, "STACK": stack})
        for template, path in SYSTEMS[system].items()
    }


def in_shards(system: str, stack: str, shards: int, install: str = INSTALL) -> str:
    """A pipeline that proves a stack in shards, each in a job of its own, and merges what they found.

    Args:
        system: a key of `MOST_JOBS`.
        stack: whose expectations are proven.
        shards: how many jobs.
        install: the command that makes `.venv`.

    Raises:
        TooManyJobsError: more than the system runs at once.
    """
    if not 2 <= shards <= MOST_JOBS[system]:
        raise TooManyJobsError(system, shards)
    if system == "gitlab":
        return _filled("gitlab-parallel.yaml", {"INSTALL": install, "STACK": stack, "SHARDS": str(shards)})
    jobs = ", ".join(str(number) for number in range(1, shards + 1))
    return _filled("github-matrix.yaml", {"INSTALL": install, "STACK": stack, "SHARDS": jobs})


class TooManyJobsError(LinkproofError):
    """A matrix of this size is refused by the system itself."""

    def __init__(self, system: str, shards: int) -> None:
        self.system, self.shards = system, shards
        super().__init__(
            f"--shards {shards}: one job is no matrix, and {system} has at most {MOST_JOBS[system]} in one",
            f"write a number from 2 to {MOST_JOBS[system]}",
        )


def _filled(template: str, given: Mapping[str, str]) -> str:
    words = {**ACTIONS, "PULUMI_VERSION": PULUMI_VERSION, **given}
    pattern = re.compile(rf"(?<![A-Z_$])({'|'.join(sorted(words, key=len, reverse=True))})(?![A-Z_])")
    text = (Path(__file__).parent / template).read_text(encoding="utf-8")
    return pattern.sub(lambda found: words[found[0]], text)


if __name__ == "__main__":  # writes those of a repository: SYSTEM STACK [INSTALL]
    for file, said in pipelines(*sys.argv[1:]).items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(said, encoding="utf-8")
