"""Serving: what the command line reads from the published version, and how it is written out."""
