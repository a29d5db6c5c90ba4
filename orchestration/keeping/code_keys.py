"""What each node of the dbt project is made of, as a hash: its code, not the data it reads.

A node's code is its own text, the macros that it names and those that these name, the variables
they ask for, and what its YAML says. More than dbt lists: it misses what is called only while a
node is executed. Naming is enough to count; a macro named in vain costs a rebuild, no wrong number.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import yaml

from orchestration.transform.checks import OPERATION
from orchestration.transform.dbt import PROJECT

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

WORD = re.compile(r"\w+")
VARIABLE = re.compile(r"""\bvar\(\s*['"](\w+)""")
DATA = ("model", "seed")
# Macros are named without the engine they are for; those of the other engine are never run here.
DISPATCHED = ("default__", "duckdb__")
ELSEWHERE = "spark__"
PACKAGE = "greenpark"
# What of a node's configuration changes nothing of what is built.
NO_CODE = ("tags", "docs", "meta", "group", "access")


def code_keys(manifest: Manifest, variables: Mapping[str, Any]) -> dict[str, str]:
    """The hash of the code of every seed, model and data test, by its id."""
    return _Keys(manifest, variables).of_all()


class _Keys:
    def __init__(self, manifest: Manifest, variables: Mapping[str, Any]) -> None:
        self.manifest = manifest
        self.variables = _project_variables() | dict(variables)
        self.macros: dict[str, list[str]] = {}
        self.text: dict[str, str] = {}
        for macro in manifest.macros.values():
            if macro.package_name == PACKAGE and not macro.name.startswith(ELSEWHERE):
                self.text[macro.name] = macro.macro_sql
                self.macros.setdefault(macro.name, []).append(macro.name)
                for engine in DISPATCHED:
                    if macro.name.startswith(engine):
                        self.macros.setdefault(macro.name.removeprefix(engine), []).append(
                            macro.name
                        )
        self.named = {name: self._names(text) for name, text in self.text.items()}

    def of_all(self) -> dict[str, str]:
        nodes = [
            node for node in self.manifest.nodes.values() if node.resource_type in (*DATA, "test")
        ]
        texts = {node.unique_id: _text(node) for node in nodes}
        reached = {node_id: self._closure(self._names(text)) for node_id, text in texts.items()}
        # What nobody names is dbt's own to call: materializations, names of schemas. What is run by
        # its name makes no node.
        hooks = [self._closure([OPERATION])] + [
            self._closure(self._names(node.raw_code))
            for node in self.manifest.nodes.values()
            if kind_of(node) == "operation"
        ]
        unnamed = frozenset(self.text).difference(*reached.values(), *hooks)
        everywhere = self._closure(unnamed)
        graph = self._graph()
        keys = {}
        for node in nodes:
            macros = sorted(reached[node.unique_id] | everywhere)
            texts_of = [texts[node.unique_id], *(self.text[name] for name in macros)]
            asked = {name for text in texts_of for name in _variables_in(text)}
            said = [
                texts[node.unique_id],
                _digest(*texts_of[1:]),
                {name: self.variables.get(name) for name in sorted(asked)},
                _said(node),
                # Such a node reads the project itself.
                graph if any(map(_reads_graph, texts_of)) else "",
            ]
            keys[node.unique_id] = _digest(json.dumps(said, sort_keys=True, default=str))
        return keys

    def _names(self, text: str) -> frozenset[str]:
        """The macros that a text names."""
        words = set(WORD.findall(text)) & self.macros.keys()
        return frozenset(name for word in words for name in self.macros[word])

    def _closure(self, names: Iterable[str]) -> frozenset[str]:
        found = set(names)
        waiting = list(found)
        while waiting:
            more = self.named[waiting.pop()] - found
            found |= more
            waiting += more
        return frozenset(found)

    def _graph(self) -> str:
        """What a node can learn of the others."""
        manifest = self.manifest
        return _digest(
            *(
                json.dumps(
                    [
                        node.unique_id,
                        node.schema,
                        node.name,
                        node.fqn,
                        node.description,
                        node.config.to_dict(),
                        sorted(getattr(node, "depends_on_nodes", [])),
                        [
                            [column.name, column.description, column.meta]
                            for column in node.columns.values()
                        ],
                        _arguments(node),
                        getattr(node, "attached_node", None),
                    ],
                    sort_keys=True,
                    default=str,
                )
                for node in sorted(
                    (*manifest.nodes.values(), *manifest.sources.values()),
                    key=lambda node: node.unique_id,
                )
            )
        )


def kind_of(node: Any) -> str:
    """Seed, model, test or what else it is."""
    return str(node.resource_type)


def _text(node: Any) -> str:
    """All of a node in which a macro may be named."""
    hooks = [
        hook.sql for hook in (*node.config.get("pre_hook", []), *node.config.get("post_hook", []))
    ]
    text = "" if node.resource_type == "seed" else node.raw_code
    return "\n".join([text, json.dumps(_arguments(node), sort_keys=True, default=str), *hooks])


def _arguments(node: Any) -> dict[str, Any]:
    """What a generic test is called with."""
    metadata = getattr(node, "test_metadata", None)
    return dict(metadata.kwargs) if metadata else {}


def _said(node: Any) -> list[Any]:
    """What the YAML says of a node, and of a seed the hash of its rows."""
    return [
        node.resource_type,
        node.checksum.checksum if node.resource_type == "seed" else "",
        node.schema,
        node.alias,
        node.description,
        {key: value for key, value in node.config.to_dict().items() if key not in NO_CODE},
        [
            [c.name, c.data_type, [x.to_dict() for x in c.constraints]]
            for c in node.columns.values()
        ],
    ]


@cache
def _variables_in(text: str) -> frozenset[str]:
    """The variables a text asks for; hundreds of nodes share the text of a macro."""
    return frozenset(VARIABLE.findall(text))


@cache
def _reads_graph(text: str) -> bool:
    return "graph" in WORD.findall(text)


@cache
def _project_variables() -> dict[str, Any]:
    project = yaml.safe_load((PROJECT / "dbt_project.yml").read_text(encoding="utf-8"))
    return dict(project["vars"])


def _digest(*texts: str) -> str:
    digest = hashlib.sha256()
    for text in texts:
        digest.update(text.encode())
        digest.update(b"\0")
    return digest.hexdigest()
