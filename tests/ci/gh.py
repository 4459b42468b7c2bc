"""A `gh` that holds comments and issues in a file, and applies `--jq` by jq."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

PROGRAM = """#!/bin/sh
exec "{python}" "{file}" "$@"
"""


def install(folder: Path, **state: Any) -> Path:
    """Put it on the PATH of `bash`, with what GitHub has; the file in which it then is."""
    (folder / "bin").mkdir(exist_ok=True)
    program = folder / "bin" / "gh"
    program.write_text(PROGRAM.format(python=sys.executable, file=__file__))
    program.chmod(0o755)
    file = folder / "github.json"
    file.write_text(json.dumps({"artifacts": {}, "pulls": [], "comments": [], "issues": [], **state}))
    return file


def read(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "github.json").read_text())
    return found


def option(words: list[str], name: str) -> str:
    return words[words.index(name) + 1] if name in words else ""


def answer(said: list[Any], words: list[str]) -> None:
    done = subprocess.run(
        ["jq", "-r", option(words, "--jq")], input=json.dumps(said), text=True, check=True, stdout=subprocess.PIPE
    )
    sys.stdout.write(done.stdout)


def main(words: list[str]) -> int:
    file = Path("github.json")
    state = json.loads(file.read_text())
    body = next((Path(word.removeprefix("body=@")).read_text() for word in words if word.startswith("body=@")), "")
    body = body or (Path(option(words, "--body-file")).read_text() if "--body-file" in words else "")
    address = next((word for word in words if word.startswith("repos/")), "")
    if words[:2] == ["run", "download"]:
        text = state["artifacts"].get(option(words, "--name"))
        if text is None:
            return 1
        folder = Path(option(words, "--dir"))
        folder.mkdir(exist_ok=True)
        (folder / "preview.md").write_text(text)
    elif address.endswith("/pulls"):
        heads = [word.removeprefix("head=") for word in words if word.startswith("head=")]
        answer([pull for pull in state["pulls"] if [pull["head"]["label"]] == heads], words)
    elif "/comments" in address and "--method" not in words:
        answer(state["comments"], words)
    elif "/comments" in address:
        who = {"login": "github-actions[bot]"}
        if option(words, "--method") == "PATCH":
            (old,) = [one for one in state["comments"] if str(one["id"]) == address.rpartition("/")[2]]
            old["body"] = body
        else:
            state["comments"].append({"id": 100 + len(state["comments"]), "user": who, "body": body})
    elif "/issues?" in address:
        answer([one for one in state["issues"] if one["state"] == "open"], words)
    elif words[0] == "issue":
        _issue(state["issues"], words, body)
    else:
        return 2
    file.write_text(json.dumps(state))
    return 0


def _issue(issues: list[dict[str, Any]], words: list[str], body: str) -> None:
    if words[1] == "create":
        issues.append({"number": 1 + len(issues), "title": option(words, "--title"), "body": body, "state": "open"})
        return
    (issue,) = [one for one in issues if str(one["number"]) == words[2]]
    issue |= {"state": "closed"} if words[1] == "close" else {"body": body}


if __name__ == "__main__":
    assert os.environ["GH_TOKEN"]
    sys.exit(main(sys.argv[1:]))
