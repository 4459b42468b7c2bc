"""The printed tag in a real browser, against the lab's KARTE: the four requests really go to the tracking host."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from linkproof.karte.page import check_page
from linkproof.karte.tag import URLS, tag
from linkproof.names import HostName
from linkproof_lab import ca
from linkproof_lab.web.clicks import read_clicks
from linkproof_lab.web.contexts import Identity
from linkproof_lab.web.kept import kept_identity

from tests.parts import need
from tests.verify.report.browser import Browser

HOST = HostName("t.example.com")
TAG = tag(HOST, "0123456789abcdef")
STANDARD = TAG[: TAG.index("tracker.init")] + 'tracker.init("0123456789abcdef");\n</script>'


def spki_hash(pem: str) -> str:
    key = x509.load_pem_x509_certificate(pem.encode()).public_key()
    return base64.b64encode(
        hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).digest()
    ).decode()


def requests_of(lab: Any, tmp_path: Path, snippet: str) -> set[tuple[str, str]]:
    """What the lab's KARTE was asked by a page with this tag: host and path."""
    issued = ca.issue(lab.settings, [HOST.text])
    lab.store.put("karte-host", HOST.text, {key: asdict(issued)[key] for key in ("cert_pem", "chain_pem", "key_pem")})
    own: Identity = kept_identity(lab.settings, lab.store, "origin/karte.io", ["*.karte.io"])
    address = f"{lab.settings.origin_addresses('karte')[0]}:{lab.settings.https_port}"
    page = tmp_path / "page.html"
    page.write_text(f"<!doctype html><html><head><title>x</title>{snippet}</head><body></body></html>")
    switches = (
        f"--host-resolver-rules=MAP *.karte.io {address}, MAP {HOST} {address}, MAP * ~NOTFOUND",
        f"--ignore-certificate-errors-spki-list={spki_hash(issued.cert_pem)},{spki_hash(own.cert_pem)}",
    )

    async def test() -> None:
        async with Browser(tmp_path, 800, switches=switches) as browser:
            await browser.open(page)
            # a bound for a browser that is gone
            async with asyncio.timeout(60):
                while len(read_clicks(lab.settings)) < 1 + len(URLS):  # noqa: ASYNC110 - the lab writes a file
                    await asyncio.sleep(0.05)

    async def bounded() -> None:
        from linkproof_lab.web import origins

        running = await origins.start(lab.settings, lab.store)
        try:
            await test()
        finally:
            await running.stop()

    asyncio.run(bounded())
    return {(one["host"], one["path"]) for one in read_clicks(lab.settings)}


@pytest.mark.parametrize(("snippet", "host"), [(TAG, HOST.text), (STANDARD, "t.karte.io")], ids=["ours", "standard"])
def test_the_requests_go_where_the_page_check_says(lab: Any, tmp_path: Path, snippet: str, host: str) -> None:
    need("chromium", "chromium")
    asked = requests_of(lab, tmp_path, snippet)
    assert asked == {("static.karte.io", "/libs/tracker.js"), *((host, path) for path in URLS.values())}
    assert (check_page(snippet, HOST) == []) == (host == HOST.text)
