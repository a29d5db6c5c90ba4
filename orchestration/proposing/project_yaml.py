"""YAML as people write it in the dbt project."""

from __future__ import annotations

import re
from typing import Any

import yaml

LINE_LENGTH = 100


class Packed(list[dict[str, str]]):
    """Columns of which YAML has several on a line."""


class _Dumper(yaml.SafeDumper):
    """YAML as people write it here: lists indented, text of several lines as a block."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        return super().increase_indent(flow, False)


def _text(dumper: _Dumper, value: str) -> yaml.Node:
    style = "|" if "\n" in value else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style)


def _packed(dumper: _Dumper, value: Packed) -> yaml.Node:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=True)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(Packed, _packed)


def yaml_text(document: dict[str, Any]) -> str:
    """A document of dbt as it stands in the project."""
    text: str = yaml.dump(
        document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=LINE_LENGTH
    )
    # A column is not broken over two lines.
    return re.sub(r" \{\n( +)name: ", r"\n\1{name: ", text)
