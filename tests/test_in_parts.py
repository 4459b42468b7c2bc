"""An SDK imported in parts is the same SDK, and whoever asks it for more finds all of it."""

from __future__ import annotations

import subprocess
import sys

import pytest
from linkproof.in_parts import import_in_parts

pytest.importorskip("pulumi_cloudflare")

COUNTED = "len([one for one in sys.modules if one.startswith('pulumi_cloudflare')])"
PARTS = "import sys; from linkproof.dns.cloudflare import component; import linkproof.edges.cloudflare.component; "


def printed(program: str) -> str:
    """In a process of its own, for what is imported stays."""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=True)
    return done.stdout.strip()


def test_only_what_is_used_is_imported() -> None:
    few = int(printed(f"{PARTS} print({COUNTED})"))
    all_of_it = int(printed(f"import sys, pulumi_cloudflare; print({COUNTED})"))
    assert 0 < few < 10
    assert all_of_it > 50 * few


@pytest.mark.parametrize(
    "asked",
    [
        "import pulumi_cloudflare as sdk; print(sdk.Zone.__name__, sdk.DnsRecord is component.DnsRecord, callable(sdk.get_zone))",
        "from pulumi_cloudflare import Zone, DnsRecord, get_zone; print(Zone.__name__, DnsRecord is component.DnsRecord, callable(get_zone))",
        "from pulumi_cloudflare import *; print(Zone.__name__, DnsRecord is component.DnsRecord, callable(get_zone))",
    ],
    ids=["attribute", "from", "star"],
)
def test_a_program_of_a_user_that_asks_for_more_gets_the_whole_sdk(asked: str) -> None:
    assert printed(PARTS + asked) == "Zone True True"


def test_what_the_sdk_does_not_have_is_an_error_as_ever() -> None:
    asked = "import pulumi_cloudflare as sdk\ntry:\n    sdk.Zonee\nexcept AttributeError as error:\n    print(error)"
    assert "Zonee" in printed(f"{PARTS}\n{asked}")


def test_a_package_that_is_not_installed_is_named() -> None:
    with pytest.raises(ModuleNotFoundError) as raised:
        import_in_parts("pulumi_nobody")
    assert raised.value.name == "pulumi_nobody"


def test_a_package_that_is_imported_already_stays_as_it_is() -> None:
    import json

    import_in_parts("json")
    assert sys.modules["json"] is json


def test_a_provider_starts_without_the_part_of_the_sdk_that_programs_need() -> None:
    start = "import sys; import linkproof.providers.protocol.server as server; "
    assert printed(f"{start} print('pulumi.resource' in sys.modules)") == "False"
    more = (
        "import pulumi; print(pulumi.Output.__name__, pulumi.runtime.Mocks.__name__, 'pulumi.resource' in sys.modules)"
    )
    assert printed(start + more) == "Output Mocks True"
