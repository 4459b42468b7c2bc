"""A project in a repository of its own: two commits, and a working tree."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

GIT = ("git", "-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false")
HOST = "url1.example.net"
ONE = "one: {{sender: sendgrid, click_host: url1.example.net, owner_host: 1234567.example.net, edge: aws, phase: {0}}}"


def declaration(*links: str, extra: str = "") -> str:
    lines = "".join(f"  {link}\n" for link in links)
    return (
        "version: 1\nzones:\n  example.net: {dns: route53, id: Z0EXAMPLE0NET, propagation_seconds: 60}\n"
        f"edges:\n  aws: {{provider: cloudfront}}\n{extra}links:\n{lines}"
    )


def one(phase: str) -> str:
    return declaration(ONE.format(phase))


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)


def commit(root: Path, **stacks: str) -> None:
    """The project with these environments and no other, committed."""
    if not (root / ".git").exists():
        subprocess.run([*GIT, "init", "-q", "-b", "main"], cwd=root, check=True, capture_output=True)
    for old in (*root.glob("Pulumi.*.yaml"), *root.glob("stacks/*")):
        old.unlink()
    write(root, {"Pulumi.yaml": "name: shop\nruntime: python\nmain: infra\n"})
    write(root, {"infra/__main__.py": "from linkproof.program import run\n\nrun()\n"})
    for stack, text in stacks.items():
        write(root, {f"Pulumi.{stack}.yaml": "config: {}\n", f"stacks/{stack}.yaml": text})
    for command in (["add", "-A"], ["commit", "-q", "--allow-empty", "-m", "one"]):
        subprocess.run([*GIT, *command], cwd=root, check=True, capture_output=True, env={**os.environ})
