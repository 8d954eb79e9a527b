from __future__ import annotations

import grimp
import pytest

from interpares.common.testing.layering import OnlyContract


@pytest.fixture
def graph() -> grimp.ImportGraph:
    made = grimp.ImportGraph()
    for importer, imported in (
        ("shop.domain", "shop.domain.order"),
        ("shop.domain.order", "datetime"),
        ("shop.domain.order", "library"),
        ("shop.domain.order", "shop.shared.money"),
        ("shop.main", "framework"),
    ):
        made.add_import(importer=importer, imported=imported)
    return made


def only(*allowed: str) -> OnlyContract:
    options = {"importers": ["shop.domain"], "allowed": allowed}
    return OnlyContract(name="sample", session_options={}, contract_options=options)


def test_kept_by_what_is_allowed_the_standard_library_and_one_another(graph: grimp.ImportGraph) -> None:
    assert only("library", "shop.shared").check(graph, verbose=False).kept


def test_broken_by_anything_else(graph: grimp.ImportGraph, capsys: pytest.CaptureFixture[str]) -> None:
    contract = only("lib", "shop.shared.m")
    check = contract.check(graph, verbose=False)
    assert not check.kept
    assert check.metadata == {"strays": [("shop.domain.order", "library"), ("shop.domain.order", "shop.shared.money")]}
    contract.render_broken_contract(check)
    assert "shop.domain.order may not import library" in capsys.readouterr().out
