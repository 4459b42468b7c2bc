"""The note of a merge request, by the include's own script, at a server that answers as GitLab's API does."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import yaml

from tests.ci.steps import REPOSITORY, bash

MARKER = "<!-- linkproof:preview -->"
TOKEN = "glpat-of-a-bot"
SCRIPT = yaml.safe_load((REPOSITORY / "infra/linkproof/ci/gitlab.yaml").read_text())["linkproof-note"]["script"][0]
NOTES = re.compile(r"/api/v4/projects/12/merge_requests/7/notes(?:/(?P<id>\d+))?(?:\?.*page=(?P<page>\d+))?$")


class GitLab(BaseHTTPRequestHandler):
    """Notes of one merge request, by pages of a hundred."""

    notes: list[dict[str, Any]]

    def _say(self, document: Any, status: int = 200) -> None:
        data = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self) -> None:
        if self.headers["PRIVATE-TOKEN"] != TOKEN:
            self._say({"message": "401 Unauthorized"}, 401)
        elif self.path == "/api/v4/user":
            self._say({"id": 5})
        elif found := NOTES.match(self.path):
            first = (int(found["page"]) - 1) * 100
            self._say(self.notes[first : first + 100])
        else:
            self._say({"message": "404 Not Found"}, 404)

    def do_POST(self) -> None:
        self._write(len(self.notes) + 1, self.notes.append)

    def do_PUT(self) -> None:
        found = NOTES.match(self.path)
        assert found
        number = int(found["id"])
        self._write(number, lambda note: self.notes.__setitem__(number - 1, note))

    def _write(self, number: int, keep: Any) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["body"]
        note = {"id": number, "author": {"id": 5}, "body": body}
        keep(note)
        self._say(note)

    def log_message(self, *_: Any) -> None:
        """Nothing: the test reads what it holds."""


@contextmanager
def gitlab(*bodies: tuple[int, str]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    notes = [{"id": n, "author": {"id": who}, "body": body} for n, (who, body) in enumerate(bodies, 1)]
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Held", (GitLab,), {"notes": notes}))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/api/v4", notes
    finally:
        server.shutdown()
        server.server_close()


def post(folder: Path, api: str, preview: str, token: str = TOKEN) -> Any:
    (folder / "preview.md").write_text(preview)
    return bash(
        SCRIPT, folder, CI_API_V4_URL=api, CI_PROJECT_ID="12", CI_MERGE_REQUEST_IID="7", CI_COMMIT_SHA="abc", LINKPROOF_NOTE_TOKEN=token
    )  # fmt: skip


def test_one_note_is_posted_and_then_updated(tmp_path: Path) -> None:
    # a hundred others first, and one that only looks like ours
    with gitlab(*[(9, "hello")] * 100, (9, f"{MARKER}\nnot ours")) as (api, notes):
        for text in ("first", "second"):
            done = post(tmp_path, api, f"{MARKER}\n### {text}\n")
            assert done.returncode == 0, done.stderr
            assert (len(notes), notes[-1]["body"].splitlines()[-1]) == (102, f"### {text}")
    assert notes[100]["body"] == f"{MARKER}\nnot ours"
    assert notes[-1]["body"].startswith(
        f"{MARKER}\n_Of commit abc, written by a job that ran its code and had no token._\n\n"
    )


def test_what_a_merge_request_says_mentions_nobody_and_orders_nothing(tmp_path: Path) -> None:
    with gitlab() as (api, notes):
        assert post(tmp_path, api, f"{MARKER}\n@everyone\n/merge\n  /approve\na /b\n").returncode == 0
    assert notes[0]["body"].splitlines()[3:] == ["@\u200beveryone", "\u200b/merge", "\u200b  /approve", "a /b"]


def test_what_is_too_long_is_refused_and_so_is_a_wrong_token(tmp_path: Path) -> None:
    with gitlab() as (api, notes):
        assert post(tmp_path, api, "x" * 62_001).returncode == 1
        assert post(tmp_path, api, "x", "wrong").returncode == 1
    assert notes == []
