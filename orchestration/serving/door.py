"""The door of Dagster's page: lets in the operator's browser and nobody else.

The page starts runs, so no other page in the operator's browser may speak to it. A request needs
the name of this machine as its host (a name that was pointed here later is none), no foreign
origin, and the token of the address that was printed, which the browser keeps as a cookie. A cookie
goes to all ports of a host, so a page of another port has it sent too: frames and links have no
origin, and there the browser itself says from where they were asked (Sec-Fetch-Site).
"""

from __future__ import annotations

import hmac

from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from orchestration import words
from orchestration.serving.ui import ADDRESS, PAGE

ENTRY = f'<!doctype html><meta http-equiv="refresh" content="0; url={PAGE}">'
OWN_SITES = ("none", "same-origin")  # the operator by hand, the page itself


class Door:
    """Lets in the operator's browser and nobody else; an ASGI middleware.

    Refuses in plain words, in the language of the command line, with status 403; a websocket is
    closed before it opens.
    """

    def __init__(self, app: ASGIApp, port: int, token: str) -> None:
        self.app = app
        self.hosts = {f"{name}:{port}" for name in (ADDRESS, "localhost")}
        # A browser keeps cookies by host, not by port: two homes may have a page each.
        self.cookie = f"greenpark_{port}"
        self.token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        answer = self._answer(HTTPConnection(scope))
        if answer is None:
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await answer(scope, receive, send)

    def _answer(self, request: HTTPConnection) -> Response | None:
        """What the door itself answers; None where the request may pass."""
        headers = request.headers
        origin = headers.get("origin")
        if headers.get("host") not in self.hosts:
            return _refusal("this page is served to 127.0.0.1 and localhost only")
        if origin is not None and origin.removeprefix("http://") not in self.hosts:
            return _refusal("another site asked for this page")
        said = request.query_params.get("token")
        if said is not None and request.scope.get("method") == "GET" and self._is_token(said):
            # No redirect: what this page leads to is asked by itself, whoever led here.
            answer = HTMLResponse(ENTRY, headers={"referrer-policy": "no-referrer"})
            answer.set_cookie(self.cookie, self.token, httponly=True, samesite="strict")
            return answer
        if headers.get("sec-fetch-site", "none") not in OWN_SITES:
            return _refusal("another site asked for this page")
        if not self._is_token(request.cookies.get(self.cookie, "")):
            return _refusal("open the address that `greenpark ui` printed: it carries the token")
        # The page itself sends its questions by POST; a link must change nothing.
        if request.url.path == "/graphql" and request.scope.get("method") == "GET":
            return _refusal("questions are asked by POST")
        return None

    def _is_token(self, said: str) -> bool:
        return hmac.compare_digest(said.encode(), self.token.encode())


def _refusal(text: str) -> Response:
    return PlainTextResponse(words.say(text) + "\n", status_code=403)
