"""What a raw file holds: its sidecar, its sheets, its cells as printed."""
