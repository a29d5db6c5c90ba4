"""The one error that is meant for the person at the terminal."""

from __future__ import annotations

from typing import NamedTuple

from orchestration import words


class Note(NamedTuple):
    """Something worth knowing, in both languages."""

    en: str
    zh: str


class GreenparkError(Exception):
    """Something the user can put right: what happened, and what to do about it.

    The command line prints `str(error)` on stderr and exits non-zero, without a traceback.
    """

    def __init__(
        self, message: str, remedy: str, message_zh: str = "", remedy_zh: str = ""
    ) -> None:
        super().__init__(message, remedy)
        self.message = message
        self.remedy = remedy
        self.message_zh = message_zh or message
        self.remedy_zh = remedy_zh or remedy

    def told(self) -> str:
        """The message and the remedy in the language that is spoken."""
        if words.language() != "zh":
            return f"error: {self}"
        lines = (
            words.say("error: {message}").format(message=words.in_chinese(self.message_zh)),
            words.say("What to do: {remedy}").format(remedy=words.in_chinese(self.remedy_zh)),
        )
        return "\n".join(lines)

    def __str__(self) -> str:
        return f"{self.message}\nWhat to do: {self.remedy}"
