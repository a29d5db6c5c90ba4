"""What all assets of Superset share: names that stay the same, and who vouches for them."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import yaml

YAML = dict[str, Any]
DATABASE = "greenpark"
WORDS: dict[str, dict[str, str]] = yaml.safe_load(
    Path(__file__).with_name("words.yml").read_text(encoding="utf-8")
)
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "bi.greenpark")


def uuid_of(*names: str) -> str:
    """The id of an asset, the same in every bundle: an import overwrites what has it."""
    return str(uuid.uuid5(_NAMESPACE, "/".join(names)))


def certified(details: str) -> YAML:
    """Says that a thing is made from the data dictionary and not by hand."""
    return {"certification": {"certified_by": DATABASE, "details": details}}
