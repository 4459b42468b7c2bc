"""What the files for apps say, as Apple and Android read them: pure functions from text to reasons."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

Covered = Literal["yes", "no", "unknown"]

_HANDLE_URLS: Final = "delegate_permission/common.handle_all_urls"
_FINGERPRINT: Final = re.compile(r"([0-9A-Fa-f]{2}:){31}[0-9A-Fa-f]{2}")
# Enough of a hostile file to say what is wrong with it.
_MOST_SHOWN: Final = 5
_MOST_PATTERNS: Final = 2000


class NoAssociationError(Exception):
    """The text is not the file that it should be; the reason is the message."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """One pattern of paths, in the file's order: the first that matches decides.

    Args:
        is_certain: its query and variables cannot keep it from matching.
    """

    path: str
    excludes: bool = False
    is_certain: bool = True
    is_case_sensitive: bool = True


@dataclass(frozen=True, slots=True)
class AppleApps:
    """`applinks` of an apple-app-site-association: app id → patterns."""

    patterns: dict[str, tuple[Pattern, ...]]

    def covers(self, app: str, path: str) -> Covered:
        """Whether the app opens this path."""
        possible: set[Covered] = set()
        for pattern in self.patterns.get(app, ()):
            if _matches(pattern, path):
                possible.add("no" if pattern.excludes else "yes")
                if pattern.is_certain:
                    break
        else:
            possible.add("no")
        return possible.pop() if len(possible) == 1 else "unknown"

    def reaches_below(self, app: str, prefix: str) -> bool:
        """Whether any of the app's patterns could match something below a path."""
        below = (f"{prefix}x", f"{prefix}x/x")
        return any(
            not pattern.excludes and (pattern.path.startswith(prefix) or any(_matches(pattern, one) for one in below))
            for pattern in self.patterns.get(app, ())
        )


def read_json(body: bytes) -> Any:
    """The file's tree.

    Raises:
        NoAssociationError: it is not JSON.
    """
    try:
        return json.loads(body.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise NoAssociationError("not UTF-8") from error
    except RecursionError as error:
        raise NoAssociationError("nested too deeply") from error
    except ValueError as error:
        reason = f"{error.msg}, line {error.lineno}" if isinstance(error, json.JSONDecodeError) else "a number too long"
        raise NoAssociationError(f"not JSON: {reason}") from error


def read_apple(tree: Any) -> AppleApps:
    """Read `applinks`, in its form of today and in that of 2015.

    Raises:
        NoAssociationError: there is no list of apps in it.
    """
    links = tree.get("applinks") if isinstance(tree, dict) else None
    details = links.get("details") if isinstance(links, dict) else None
    if isinstance(details, dict):  # the oldest form: app id → {paths}
        details = [{"appID": app, **entry} for app, entry in details.items() if isinstance(entry, dict)]
    if not isinstance(links, dict) or not isinstance(details, list):
        raise NoAssociationError("no list at applinks.details")
    found: dict[str, tuple[Pattern, ...]] = {}
    for entry in details:
        if not isinstance(entry, dict):
            continue
        ids = entry.get("appIDs", [])
        apps = [entry.get("appID"), *(ids if isinstance(ids, list) else [])]
        patterns = tuple(_patterns(entry, links))[:_MOST_PATTERNS]
        for app in filter(lambda one: isinstance(one, str), apps):
            found[app] = (*found.get(app, ()), *patterns)[:_MOST_PATTERNS]
    if not found:
        raise NoAssociationError("applinks.details names no app")
    return AppleApps(found)


def android_faults(tree: Any, packages: tuple[str, ...]) -> Iterator[str]:
    """What an assetlinks.json lacks for these packages; without any, for whatever app."""
    if not isinstance(tree, list):
        yield "not a list of statements"
        return
    statements = [one for one in tree if isinstance(one, dict)]
    apps: dict[str, Any] = {}
    for statement in statements:
        relation, target = statement.get("relation"), statement.get("target")
        if not isinstance(target, dict) or target.get("namespace") != "android_app":
            continue
        if isinstance(relation, list) and _HANDLE_URLS in relation and isinstance(target.get("package_name"), str):
            apps.setdefault(target["package_name"], []).append(target.get("sha256_cert_fingerprints"))
    missing = [package for package in packages if package not in apps]
    if missing or not apps:
        yield f"no statement lets {', '.join(missing) or 'any app'} handle its URLs{_named(apps)}"
    for package in [package for package in packages or apps if package in apps][:_MOST_SHOWN]:
        prints = [one for many in apps[package] if isinstance(many, list) for one in many]
        if not any(isinstance(one, str) and _FINGERPRINT.fullmatch(one) for one in prints):
            yield f"no SHA-256 fingerprint of {package[:80]}'s certificate"


def delegates(tree: Any) -> bool:
    """Whether an assetlinks.json leaves a part to another file (`include`), which may name the app."""
    return isinstance(tree, list) and any(isinstance(one, dict) and "include" in one for one in tree)


def names(apps: AppleApps) -> str:
    return _named(apps.patterns)


def _named(apps: Mapping[str, Any]) -> str:
    shown = [app[:80] for app in apps][:_MOST_SHOWN]
    return f"; it names {', '.join(shown)}{' …' if len(apps) > len(shown) else ''}" if shown else ""


def _patterns(entry: dict[str, Any], links: dict[str, Any]) -> Iterator[Pattern]:
    """Components; without them, the paths of the form of 2015."""
    components = entry.get("components")
    if isinstance(components, list):
        for component in components:
            # a tracked link has no fragment, so what asks for one is not about it
            fragment = component.get("#", "*") if isinstance(component, dict) else None
            if isinstance(fragment, str) and _matches(Pattern(fragment), ""):
                yield _component(component, entry, links)
        return
    paths = entry.get("paths")
    for path in paths if isinstance(paths, list) else []:
        if isinstance(path, str):
            yield Pattern(path.removeprefix("NOT ").strip(), excludes=path.startswith("NOT "))


def _component(component: dict[str, Any], entry: dict[str, Any], links: dict[str, Any]) -> Pattern:
    path = component.get("/", "*")
    sensitive = True
    for level in (links.get("defaults"), entry.get("defaults"), component):
        if isinstance(level, dict) and isinstance(level.get("caseSensitive"), bool):
            sensitive = level["caseSensitive"]
    text = path if isinstance(path, str) else ""
    has_variable = "$(" in text
    # a variable stands for any word
    pattern = re.sub(r"\$\([^)]*\)", "*", text) if has_variable else text
    return Pattern(
        pattern, component.get("exclude") is True, component.get("?", "*") == "*" and not has_variable, sensitive
    )


def _matches(pattern: Pattern, path: str) -> bool:
    """`*` is any run of characters and `?` any one; in time proportional to pattern × path, whatever the pattern."""
    glob, text = (pattern.path, path) if pattern.is_case_sensitive else (pattern.path.lower(), path.lower())
    at = mark = position = 0
    star = -1
    while position < len(text):
        if at < len(glob) and glob[at] == "*":
            star, mark = at, position
            at += 1
        elif at < len(glob) and glob[at] in ("?", text[position]):
            at += 1
            position += 1
        elif star >= 0:
            at, mark = star + 1, mark + 1
            position = mark
        else:
            return False
    return all(character == "*" for character in glob[at:])
