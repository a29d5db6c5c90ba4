"""The door of Dagster's page, in front of a page that says what it was asked; over real sockets."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
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


async def _said(request: Request) -> PlainTextResponse:
    return PlainTextResponse(
        f"{request.method} {request.url.path} {(await request.body()).decode()}"
    )


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
    status, _, given = asked(port, f"/?token={TOKEN}")
    assert status == 303
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
