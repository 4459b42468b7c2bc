"""The tracking servers of Amazon SES."""

from __future__ import annotations

import ssl
from typing import Any

import pytest
from linkproof_lab.senders.ses.facts import REGIONS
from linkproof_lab.senders.ses.links import make_link
from linkproof_lab.web.clicks import read_clicks

HOST, REGION = "click.example.net", "eu-west-1"
PAGE = "https://www.example.com/a%20b?x=1&y=2"


def address(lab: Any, region: str = REGION) -> str:
    return str(lab.settings.addresses([REGIONS[region]])[0])


def attached(lab: Any) -> str:
    lab.store.put("ses-host", HOST, {"region": REGION})
    return make_link(lab.store, PAGE)


def test_the_favicon_names_region_and_protocol_whoever_s_the_host_is(lab: Any) -> None:
    async def test() -> None:
        for region in REGIONS:
            got = await lab.fetch(address(lab, region), "nobody.example.net", "/favicon.ico")
            assert (got.status, got.headers["x-amz-ses-region"]) == (200, region)
            assert got.headers["x-amz-ses-request-protocol"] == "http"

    lab.run(test)
    assert read_clicks(lab.settings) == []


def test_a_click_is_led_to_the_destination_in_its_path_and_logged(lab: Any) -> None:
    path = attached(lab)
    assert path.startswith("/CL0/https:%2F%2Fwww.example.com%2Fa%2520b%3Fx%3D1%26y%3D2/1/")

    async def test() -> None:
        got = await lab.fetch(address(lab), HOST, path)
        assert (got.status, got.headers["location"]) == (302, PAGE)

    lab.run(test)
    (line,) = read_clicks(lab.settings)
    assert (line["sender"], line["event"], line["path"]) == ("ses", "click", path)


@pytest.mark.parametrize("spoilt", ["region", "host", "slashes", "token", "cookies"])
def test_what_ses_cannot_read_is_a_bad_request_and_no_click(lab: Any, spoilt: str) -> None:
    path = attached(lab)
    asked = {
        "region": (address(lab, "us-east-1"), HOST, path, {}),
        "host": (address(lab), "r.eu-west-1.awstrack.me", path, {}),
        "slashes": (address(lab), HOST, path.replace("https:%2F%2F", "https:%2F"), {}),
        "token": (address(lab), HOST, path.replace("/1/", "/1/00000000"), {}),
        "cookies": (address(lab), HOST, path, {"Cookie": "a=" + "b" * 8190}),
    }[spoilt]

    async def test() -> None:
        where, host, target, headers = asked
        got = await lab.fetch(where, host, target, headers=headers)
        assert got.status in ((400, 404) if spoilt == "token" else (400,))

    lab.run(test)
    assert read_clicks(lab.settings) == []


def test_over_tls_it_shows_its_own_name(lab: Any) -> None:
    async def test() -> None:
        got = await lab.fetch(address(lab), HOST, "/favicon.ico", tls=True, sni="r.eu-west-1.awstrack.me")
        assert (got.status, got.headers["x-amz-ses-request-protocol"]) == (200, "https")
        with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
            await lab.fetch(address(lab), HOST, "/favicon.ico", tls=True, sni=HOST)

    lab.run(test)
