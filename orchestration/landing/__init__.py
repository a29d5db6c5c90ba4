"""Landing: raw files, read by their sidecars, become text tables with provenance."""
