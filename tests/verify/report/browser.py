"""The system's Chromium, driven over its own protocol: a page is opened, asked and pressed keys on."""
# ruff: noqa: ASYNC110, ASYNC220, ASYNC240 - one browser in a loop of its own: blocking it for a moment delays nobody

from __future__ import annotations

import asyncio
import itertools
import shutil
import subprocess
from pathlib import Path
from typing import Any, Self

import aiohttp

BINARY = shutil.which("chromium") or "chromium"


class Browser:
    """One page in one headless browser.

    Args:
        folder: for the profile; it goes with the test.
        width: of the window, in CSS pixels.
        switches: further ones of its command line.
    """

    def __init__(self, folder: Path, width: int, *, dark: bool = False, switches: tuple[str, ...] = ()) -> None:
        self._switches = switches
        self._profile, self._width, self._dark = folder / "profile", width, dark
        self._ids = itertools.count(1)
        self.events: list[dict[str, Any]] = []

    async def __aenter__(self) -> Self:
        self._process = subprocess.Popen(
            [BINARY, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--remote-debugging-port=0",
             "--disable-background-networking", f"--user-data-dir={self._profile}", *self._switches, "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        port_file = self._profile / "DevToolsActivePort"
        async with asyncio.timeout(40):
            while not port_file.exists() or "\n" not in port_file.read_text():
                await asyncio.sleep(0.05)
        port = port_file.read_text().splitlines()[0]
        self._session = aiohttp.ClientSession()
        async with self._session.get(f"http://127.0.0.1:{port}/json/list") as response:
            (page, *_) = [item for item in await response.json(content_type=None) if item["type"] == "page"]
        self._socket = await self._session.ws_connect(page["webSocketDebuggerUrl"], max_msg_size=0)
        for domain in ("Page", "Runtime", "Log", "Network", "Accessibility"):
            await self.call(f"{domain}.enable")
        await self.call(
            "Emulation.setDeviceMetricsOverride",
            width=self._width, height=800, deviceScaleFactor=1, mobile=self._width < 700,
        )  # fmt: skip
        features = [{"name": "prefers-color-scheme", "value": "dark" if self._dark else "light"}]
        await self.call("Emulation.setEmulatedMedia", features=features)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()
        self._process.kill()
        self._process.wait(10)

    async def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        number = next(self._ids)
        await self._socket.send_json({"id": number, "method": method, "params": parameters})
        async with asyncio.timeout(120):  # a bound for a browser that is gone, not for a busy machine
            while True:
                message = await self._socket.receive_json()
                if message.get("id") == number:
                    assert "error" not in message, message
                    return message["result"]
                self.events.append(message)

    async def open(self, file: Path) -> None:
        await self.call("Page.navigate", url=file.as_uri())
        async with asyncio.timeout(40):
            while await self.ask("document.readyState") != "complete":
                await asyncio.sleep(0.05)

    async def ask(self, expression: str) -> Any:
        found = await self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    async def wait_for(self, expression: str) -> Any:
        """What a promise comes to."""
        found = await self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    async def press(self, key: str) -> None:
        codes = {"Tab": 9, "Enter": 13, " ": 32}
        text = {"Enter": "\r", " ": " "}.get(key, "")
        common = {"key": key, "windowsVirtualKeyCode": codes[key]}
        await self.call("Input.dispatchKeyEvent", type="keyDown", text=text, **common)
        await self.call("Input.dispatchKeyEvent", type="keyUp", **common)

    async def picture(self, file: Path) -> None:
        import base64

        found = await self.call("Page.captureScreenshot", captureBeyondViewport=True)
        file.write_bytes(base64.b64decode(found["data"]))
