"""The door of Dagster's page, in front of a page that says what it was asked; over real sockets."""

from __future__ import annotations

import functools
import http.client
import http.server
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import sync_playwright
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from orchestration.serving.door import Door
from orchestration.serving.ui import ADDRESS

TOKEN = "the-token-of-this-start"
passed: list[str] = []  # what came through the door


async def _said(request: Request) -> PlainTextResponse:
    body = (await request.body()).decode()
    passed.append(body or request.url.path)
    return PlainTextResponse(f"{request.method} {request.url.path} {body}")


async def _greet(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text("open")
    await socket.close()


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """The port of a page behind the door."""
    page = Starlette(
        routes=[
            WebSocketRoute("/graphql", _greet),
            Route("/{path:path}", _said, methods=["GET", "POST"]),
        ]
    )
    server = uvicorn.Server(uvicorn.Config(page, host=ADDRESS, port=0, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    number = server.servers[0].sockets[0].getsockname()[1]
    server.config.loaded_app = Door(server.config.loaded_app, number, TOKEN)
    yield number
    server.should_exit = True
    thread.join()


def asked(
    port: int, path: str, method: str = "GET", body: str = "", **headers: str
) -> tuple[int, str, str]:
    """Status, text and cookie of the answer."""
    connection = http.client.HTTPConnection(ADDRESS, port)
    connection.request(method, path, body or None, headers)
    answer = connection.getresponse()
    return answer.status, answer.read().decode(), answer.headers.get("set-cookie", "")


def cookie(port: int) -> str:
    status, text, given = asked(port, f"/?token={TOKEN}")
    assert status == 200 and "url=/asset-groups" in text
    assert "HttpOnly" in given and "SameSite=strict" in given
    return given.partition(";")[0]


def test_the_printed_address_lets_in(port: int) -> None:
    own = cookie(port)
    assert asked(port, "/assets", Cookie=own)[:2] == (200, "GET /assets ")
    status, text, _ = asked(
        port, "/graphql", "POST", "{ runs }", Cookie=own, Origin=f"http://{ADDRESS}:{port}"
    )
    assert (status, text) == (200, "POST /graphql { runs }")


@pytest.mark.parametrize("path", ["/", "/graphql", "/logs/x.err", "/?token=guessed", "/?token="])
def test_nothing_is_served_without_the_token(port: int, path: str) -> None:
    status, text, given = asked(port, path)
    assert (status, given) == (403, "") and "`greenpark ui` printed" in text
    assert asked(port, path, Cookie=f"greenpark_{port}=guessed")[0] == 403
    # The cookie of a page on another port is none of this page.
    assert asked(port, path, Cookie=f"greenpark_1={TOKEN}")[0] == 403


@pytest.mark.parametrize("origin", ["http://evil.test", "null", "https://127.0.0.1:1", "file://"])
def test_another_site_is_refused_even_with_the_cookie(port: int, origin: str) -> None:
    own = cookie(port)
    for method in ("GET", "POST"):
        status, text, _ = asked(port, "/graphql", method, "x", Cookie=own, Origin=origin)
        assert status == 403 and "another site" in text
    assert asked(port, f"/?token={TOKEN}", Origin=origin)[2] == ""


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_frame_or_a_link_of_another_page_is_refused(port: int, site: str) -> None:
    """Neither has an origin; another port of this machine is the same site, and has the cookie."""
    own = {"Cookie": cookie(port), "Sec-Fetch-Site": site}
    status, text, _ = asked(port, "/assets", **own)
    assert status == 403 and "another site" in text
    # Who has the address may have it from a page: a terminal, a mail.
    assert asked(port, f"/?token={TOKEN}", **own)[0] == 200


def test_a_name_that_was_pointed_here_is_refused(port: int) -> None:
    """DNS rebinding: the page of evil.test asks its own host, whose name now leads to loopback."""
    for host in (
        f"evil.test:{port}",
        "evil.test",
        ADDRESS,
        f"{ADDRESS}:1",
        f"127.0.0.1.evil:{port}",
    ):
        status, text, given = asked(port, f"/?token={TOKEN}", Host=host)
        assert (status, given) == (403, "") and "localhost only" in text


def test_a_link_changes_nothing(port: int) -> None:
    own = cookie(port)
    assert asked(port, "/graphql?query=mutation", Cookie=own)[0] == 403
    assert asked(port, f"/?token={TOKEN}", "POST", "x")[0] == 403


def test_a_websocket_opens_to_the_page_itself_only(port: int) -> None:
    address, own = f"ws://{ADDRESS}:{port}/graphql", {"Cookie": cookie(port)}
    with connect(address, origin=f"http://{ADDRESS}:{port}", additional_headers=own) as page:
        assert page.recv() == "open"
    for origin, headers in (("http://evil.test", own), (f"http://{ADDRESS}:{port}", {})):
        with pytest.raises(InvalidStatus, match="403"):
            connect(address, origin=origin, additional_headers=headers)


ATTACK = """
async ([port, name]) => {
    const page = `http://${name}:${port}`, body = 'mutation', mode = 'no-cors'
    const tries = [
        () => fetch(`${page}/graphql`, {method: 'POST', body, mode, credentials: 'include'}),
        () => fetch(`${page}/graphql?query=mutation`, {mode, credentials: 'include'}),
        () => fetch(`${page}/assets`, {mode, credentials: 'include'}),
        () => new Promise(done => {
            const frame = document.createElement('iframe')
            frame.onload = done
            frame.src = `${page}/framed`
            document.body.append(frame)
        }).then(() => 'loaded'),
        () => new Promise((done, failed) => {
            const socket = new WebSocket(`ws://${name}:${port}/graphql`)
            socket.onopen = done
            socket.onerror = failed
        }).then(() => 'open'),
    ]
    const ends = await Promise.allSettled(tries.map(attempt => attempt()))
    return ends.map(end => end.value === 'open')
}
"""


def test_in_a_browser_other_pages_stay_outside(port: int, tmp_path: Path) -> None:
    """The operator is in; a page of another port and one of a rebound name try what they can."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    assert chromium, "Chromium is not installed: make chromium"
    (tmp_path / "index.html").write_text("<title>evil</title>", encoding="utf-8")
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=tmp_path)
    with (
        http.server.ThreadingHTTPServer((ADDRESS, 0), handler) as evil,
        sync_playwright() as playwright,
    ):
        threading.Thread(target=evil.serve_forever, daemon=True).start()
        browser = playwright.chromium.launch(
            executable_path=chromium,
            args=["--no-sandbox", "--host-resolver-rules=MAP evil.test 127.0.0.1"],
        )
        context = browser.new_context()
        own = context.new_page()
        own.goto(f"http://{ADDRESS}:{port}/?token={TOKEN}")
        own.wait_for_url("**/asset-groups")
        assert "GET /asset-groups" in own.content()
        asked_by_itself = (
            "async () => (await fetch('/graphql', {method: 'POST', body: 'own'})).text()"
        )
        assert own.evaluate(asked_by_itself) == "POST /graphql own"
        passed.clear()
        # The same host on another port is the same site to a cookie: only its origin tells.
        for place in (f"{ADDRESS}:{evil.server_port}", f"evil.test:{evil.server_port}"):
            other = context.new_page()
            other.goto(f"http://{place}/index.html")
            assert other.title() == "evil"
            for name in (ADDRESS, "localhost", "evil.test"):
                assert other.evaluate(ATTACK, [port, name]) == [False] * 5
        rebound = context.new_page()
        answer = rebound.goto(f"http://evil.test:{port}/?token={TOKEN}")
        assert answer is not None and answer.status == 403
        assert passed == []
        browser.close()
        evil.shutdown()
