"""Where the engine keeps its stacks: the same folder for a `file://` backend as the engine itself finds."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote

from linkproof.project import Project


def home(environment: Mapping[str, str]) -> Path:
    """The engine's own home."""
    return Path(environment.get("PULUMI_HOME") or Path.home() / ".pulumi")


def backend_url(project: Project, environment: Mapping[str, str]) -> str:
    """As the engine chooses it: the environment, else `backend:` of Pulumi.yaml, else where `pulumi login` was made.

    Returns:
        the URL; empty where none is chosen.
    """
    import yaml

    if environment.get("PULUMI_BACKEND_URL"):
        return environment["PULUMI_BACKEND_URL"]
    document = yaml.safe_load((project.root / "Pulumi.yaml").read_text())
    backend = document.get("backend") if isinstance(document, dict) else None
    if isinstance(backend, dict) and backend.get("url"):
        return str(backend["url"])
    try:
        return str(json.loads((home(environment) / "credentials.json").read_text()).get("current") or "")
    except (OSError, ValueError, AttributeError):
        return ""


def folder(url: str, root: Path) -> Path | None:
    """The folder of a `file://` backend; None for another kind.

    Args:
        root: where the engine is started: a relative path starts there.
    """
    if not url.startswith("file://"):
        return None
    path = url.removeprefix("file://").partition("?")[0]
    if path.startswith("~"):
        path = f"{_users_home()}/{path[2:]}"
    return Path(os.path.normpath(root / unquote(path))) / ".pulumi"


def _users_home() -> str:
    """As the system has it, whatever HOME says, and HOME only where it has none: the engine asks in the same way."""
    import pwd

    try:
        return pwd.getpwuid(os.getuid()).pw_dir
    except KeyError:
        return str(Path.home())
