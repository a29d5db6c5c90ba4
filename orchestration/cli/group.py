"""The group all commands belong to: its language, and how it tells an error."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from itertools import chain
from typing import Any

import click

from orchestration import stopping, words
from orchestration.errors import GreenparkError

PUBLISHING = ("refresh", "land", "model")
WHOLE = 1000  # signs: the first sentence of a command's help, wrapped and never cut


class Commands(MutableMapping[str, click.Command]):
    """Commands by their names, each imported from the module of its name when it is asked for."""

    def __init__(self, package: str, names: Sequence[str]) -> None:
        self._package = package
        self._commands: dict[str, click.Command | None] = dict.fromkeys(names)

    def __getitem__(self, name: str) -> click.Command:
        command = self._commands[name]
        if command is None:
            plain = name.replace("-", "_")
            command = getattr(importlib.import_module(f"{self._package}.{plain}"), plain)
            assert isinstance(command, click.Command)
            self._commands[name] = command
        return command

    def __setitem__(self, name: str, command: click.Command) -> None:
        self._commands[name] = command

    def __delitem__(self, name: str) -> None:
        del self._commands[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._commands)

    def __len__(self) -> int:
        return len(self._commands)


class Group(click.Group):
    """Prints errors as a message and a remedy; the traceback only with --debug."""

    def __init__(
        self, *args: Any, sections: Mapping[str, Sequence[str]] | None = None, **extra: Any
    ) -> None:
        """`sections`: commands below the heading that `--help` lists them under, else one."""
        super().__init__(*args, **extra)
        self._sections = sections

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands by section, all with their words in one column."""
        widest = max(map(len, self.commands))
        for heading, names in (self._sections or {"Commands": [*self.commands]}).items():
            with formatter.section(words.say(heading)):
                formatter.write_dl(
                    [
                        (name.ljust(widest), self.commands[name].get_short_help_str(WHOLE))
                        for name in names
                    ]
                )

    def main(self, args: Sequence[str] | None = None, *rest: Any, **extra: Any) -> Any:
        """Speak the language that is asked for, then run the command."""
        args = sys.argv[1:] if args is None else args
        # The first is the one that is run; where there is none, all are listed.
        asked = [text for text in args if text in self.commands][:1] or self.commands
        heard = chain([self], map(self.commands.__getitem__, asked))  # read if they are translated
        with words.spoken(heard, words.asked(args)):
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
