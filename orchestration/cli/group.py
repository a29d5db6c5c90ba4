"""The group all commands belong to: its language, and how it tells an error."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import click

from orchestration import stopping, words
from orchestration.errors import GreenparkError

PUBLISHING = ("refresh", "land", "model")


class Group(click.Group):
    """Prints errors as a message and a remedy; the traceback only with --debug."""

    def main(self, args: Sequence[str] | None = None, *rest: Any, **extra: Any) -> Any:
        """Speak the language that is asked for, then run the command."""
        lang = words.asked(sys.argv[1:] if args is None else args)
        with words.spoken(self, lang):
            return super().main(args, *rest, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; 1 is the exit code of every error but wrong usage.

        Ctrl-C ends it with 130, SIGTERM with 143.
        """
        try:
            with stopping.watched(lambda: ctx.invoked_subcommand in PUBLISHING):
                return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except Exception as error:
            if ctx.params.get("debug"):
                import traceback

                click.echo(traceback.format_exc(), err=True, nl=False)
            from orchestration.database import disk_full_of
            from orchestration.settings import Home

            error = disk_full_of(error, Home.resolve().root) or error
            if not isinstance(error, GreenparkError):
                error = GreenparkError(
                    f"unexpected {type(error).__name__}: {error}",
                    f"run greenpark --debug {ctx.invoked_subcommand} ... and report what it prints",
                )
            click.echo(error.told(), err=True)
            ctx.exit(1)
