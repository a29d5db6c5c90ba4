"""Where the program starts: until it can say what a stop left, one ends it without a word.

The command line takes a third of a second to load; Python answers Ctrl-C there with a traceback.
"""

from __future__ import annotations

import signal

if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # not where it is ignored
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def main() -> None:
    """Run the command line."""
    from orchestration.cli import main as run

    run()
