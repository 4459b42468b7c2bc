"""A copy of a stack's config that names another declaration, with every other value as it is written."""

from __future__ import annotations

from pathlib import Path

import yaml

_KEY = "linkproof:declaration"


def naming(config: str, declaration: Path) -> str:
    """The text of the config, naming this declaration.

    By nodes and not by values: a text written anew, as "012345678901", would lose its quotes, without which the engine reads a
    number (findings/pyyaml-text-read-as-a-number.sh).
    """
    root = yaml.compose(config, Loader=yaml.SafeLoader)
    if not isinstance(root, yaml.MappingNode):
        root = _mapping()
    inner = next((value for key, value in root.value if key.value == "config"), None)
    if not isinstance(inner, yaml.MappingNode):
        inner = _mapping()
        root.value = [pair for pair in root.value if pair[0].value != "config"] + [(_text("config"), inner)]
    inner.value = [pair for pair in inner.value if pair[0].value != _KEY] + [(_text(_KEY), _text(str(declaration)))]
    inner.flow_style = False
    return yaml.serialize(root, Dumper=yaml.SafeDumper)


def _mapping() -> yaml.MappingNode:
    return yaml.MappingNode("tag:yaml.org,2002:map", [], flow_style=False)


def _text(value: str) -> yaml.ScalarNode:
    return yaml.ScalarNode("tag:yaml.org,2002:str", value, style='"')
