"""`python -m orchestration.cli`, where the program is not installed."""

from orchestration.cli import main

main()
