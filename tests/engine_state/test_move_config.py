"""The config of a rehearsed move: the engine reads of it what it reads of the stack's own."""

from pathlib import Path

import pytest
import yaml
from linkproof.engine.move.config import naming

NEW = Path("/tmp/after/prod.yaml")


def test_a_quoted_number_stays_a_text_for_every_reader() -> None:
    text = "config:\n  aws:account: \"012345678901\"\n  p:commit: '12e4567'\n  p:plain: 012345678901\n  linkproof:declaration: stacks/prod.yaml\n"

    lines = naming(text, NEW).splitlines()

    assert '  aws:account: "012345678901"' in lines
    assert "  p:commit: '12e4567'" in lines
    assert "  p:plain: 012345678901" in lines
    assert [line for line in lines if "declaration" in line] == [f'  "linkproof:declaration": "{NEW}"']


def test_secrets_objects_and_the_rest_of_the_file_stay() -> None:
    text = "encryptionsalt: v1:abc=\nconfig:\n  p:token:\n    secure: v1:xyz\n  p:list: [1, two, true]\n"

    found = yaml.safe_load(naming(text, NEW))

    assert found == {
        "encryptionsalt": "v1:abc=",
        "config": {"p:token": {"secure": "v1:xyz"}, "p:list": [1, "two", True], "linkproof:declaration": str(NEW)},
    }


@pytest.mark.parametrize("text", ["", "config: {}\n", "config:\n", "encryptionsalt: v1:abc=\n"])
def test_a_file_without_config_gets_one(text: str) -> None:
    assert yaml.safe_load(naming(text, NEW))["config"] == {"linkproof:declaration": str(NEW)}
