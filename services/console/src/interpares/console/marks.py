"""YAML with line numbers: a document's values, and where in the file each of them stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

Path: TypeAlias = "tuple[str | int, ...]"


@dataclass(frozen=True)
class Flaw:
    """Something wrong in a file. line: from 1. path: with dots, empty for the document. fact: what is wrong."""

    line: int
    path: str
    fact: str


@dataclass(frozen=True)
class Marked:
    """A document: its value, the line of each path in it, and what is wrong with it as YAML."""

    value: Any
    lines: dict[Path, int]
    flaws: tuple[Flaw, ...]

    def line(self, path: Path) -> int:
        """Return the line of a path, of the nearest part above it where it is not in the document."""
        while path not in self.lines and path:
            path = path[:-1]
        return self.lines.get(path, 1)


def dotted(path: Path) -> str:
    """Return a path as people write it: ``hosting.conference.formats.0``."""
    return ".".join(map(str, path))


def read(text: str) -> Marked:
    """Read one YAML document; keys given twice are flaws, and so is text that is no YAML."""
    loader = yaml.SafeLoader(text)
    try:
        node = loader.get_single_node()
        reading = _Reading(loader)
        value = reading.value(node, ()) if node is not None else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return Marked(None, {}, (Flaw(mark.line + 1 if mark else 1, "", f"is no YAML: {error.problem}"),))
    except (yaml.YAMLError, ValueError) as error:
        return Marked(None, {}, (Flaw(1, "", f"is no YAML: {error}"),))
    finally:
        loader.dispose()
    return Marked(value, reading.lines, tuple(reading.flaws))


class _Reading:
    """Turns nodes into values and remembers where they stood."""

    def __init__(self, loader: yaml.SafeLoader) -> None:
        self.lines: dict[Path, int] = {}
        self.flaws: list[Flaw] = []
        self._loader = loader
        self._open: set[int] = set()

    def value(self, node: Node, path: Path) -> Any:
        self.lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, ScalarNode):
            return self._loader.construct_object(node)
        if id(node) in self._open:
            raise yaml.MarkedYAMLError(problem="an alias within itself", problem_mark=node.start_mark)
        self._open.add(id(node))
        try:
            if isinstance(node, SequenceNode):
                return [self.value(item, (*path, index)) for index, item in enumerate(node.value)]
            assert isinstance(node, MappingNode)  # noqa: S101 -- YAML has no fourth kind
            return self._mapping(node, path)
        finally:
            self._open.discard(id(node))

    def _mapping(self, node: MappingNode, path: Path) -> dict[Any, Any]:
        self._loader.flatten_mapping(node)
        found: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, ScalarNode):
                self.flaws.append(Flaw(line, dotted(path), "has a key that is no text"))
                continue
            key = self._loader.construct_object(key_node)
            here = (*path, key)
            if key in found:
                fact = f"is given twice, first in line {self.lines[here]}"
                self.flaws.append(Flaw(line, dotted(here), fact))
                continue
            self.lines[here] = line
            found[key] = self.value(value_node, here)
        return found
