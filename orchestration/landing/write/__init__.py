"""What was accepted and what was refused, written to the build database."""
