"""The one error that is meant for the person at the terminal."""

from __future__ import annotations


class GreenparkError(Exception):
    """Something the user can put right: what happened, and what to do about it.

    The command line prints `str(error)` on stderr and exits non-zero, without a traceback.
    """

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message, remedy)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message}\nWhat to do: {self.remedy}"
