"""Real provider plug-ins on this machine, so that the contract of the stand-ins can be held against them."""

from __future__ import annotations

import os
from importlib.metadata import version
from pathlib import Path

from linkproof_lab.providers.install import MARK

VARIABLE = "LINKPROOF_REAL_PROVIDERS"


def folders(environment: dict[str, str]) -> list[Path]:
    """Where plug-ins may be: what the variable names, `off` for nowhere; else the engine's own caches."""
    named = environment.get(VARIABLE)
    if named == "off":
        return []
    if named:
        return [Path(folder) for folder in named.split(os.pathsep)]
    homes = [environment[name] for name in ("PULUMI_HOME",) if environment.get(name)]
    homes.append(str(Path(environment.get("HOME", "~")).expanduser() / ".pulumi"))
    return [Path(home) / "plugins" for home in dict.fromkeys(homes)]


def find(name: str, environment: dict[str, str]) -> Path | None:
    """The plug-in's executable, of the installed SDK's version where there is one; a stand-in of a lab is none."""
    found = [
        file
        for folder in folders(environment)
        for file in sorted(folder.glob(f"resource-{name}-v*/pulumi-resource-{name}"))
        if os.access(file, os.X_OK) and MARK not in file.read_bytes()[:4096]
    ]
    wanted = f"resource-{name}-v{version(f'pulumi-{name}')}"
    return next((file for file in found if file.parent.name == wanted), found[-1] if found else None)


def absent(name: str, environment: dict[str, str]) -> str:
    """Why no real plug-in is tested."""
    looked = ", ".join(map(str, folders(environment))) or f"nowhere, for {VARIABLE} is off"
    return f"no real pulumi-resource-{name} (looked in: {looked}); name a folder of plug-ins in {VARIABLE}"
