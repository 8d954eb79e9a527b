"""The chart, rendered for each set of values: as it comes, small, production, and as somebody hostile writes them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import helm_python
import pytest
import yaml

CHART = Path(__file__).resolve().parents[3] / "deploy/helm/interpares"
NAMES = ("default", "small", "production", "hostile")
WORKLOADS = ("Deployment", "Job", "Pod")


def values_of(name: str) -> dict[str, Any]:
    """Return a set of values; nothing at all for the default."""
    if name == "default":
        return {}
    loaded: dict[str, Any] = yaml.safe_load((CHART / "ci" / f"{name}-values.yaml").read_text(encoding="utf-8"))
    return loaded


@dataclass(frozen=True)
class Rendered:
    """What the chart makes of a set of values. notes: what Helm tells afterwards."""

    name: str
    documents: list[dict[str, Any]]
    notes: str
    text: str

    def of(self, *kinds: str) -> list[dict[str, Any]]:
        """Return the objects of some kinds."""
        return [each for each in self.documents if each["kind"] in kinds]

    def pods(self) -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
        """Return name, labels and spec of each pod that can come of it."""
        found = []
        for each in self.of(*WORKLOADS):
            pod = each if each["kind"] == "Pod" else each["spec"]["template"]
            found.append((each["metadata"]["name"], pod["metadata"]["labels"], pod["spec"]))
        return found


def render(values: dict[str, Any], name: str = "given") -> Rendered:
    """Render the chart as release ``demo`` in namespace ``prod``."""
    with helm_python.Chart.load(str(CHART)) as chart:
        texts = chart.render(values, name="demo", namespace="prod")
    documents = [
        each for path, text in texts.items() if path.endswith(".yaml") for each in yaml.safe_load_all(text) if each
    ]
    notes = next(text for path, text in texts.items() if path.endswith("NOTES.txt"))
    return Rendered(name, documents, notes, "\n".join(texts.values()))


_rendered = {name: render(values_of(name), name) for name in NAMES}


@pytest.fixture(params=NAMES)
def rendered(request: pytest.FixtureRequest) -> Rendered:
    """The chart, rendered for one set of values after the other."""
    return _rendered[request.param]


@pytest.fixture
def production() -> Rendered:
    """The chart with everything switched on."""
    return _rendered["production"]


@pytest.fixture
def small() -> Rendered:
    """The chart with one pod a service."""
    return _rendered["small"]
