"""The hash of a file, as sidecars, versions and what is kept say it."""

from __future__ import annotations

import hashlib
from pathlib import Path


def file_sha256(path: Path) -> str:
    """SHA-256 of what a file holds, in hexadecimal; it is read piece by piece."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
