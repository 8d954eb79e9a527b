"""A kind of contract for import-linter that allows instead of forbidding: what is not on the list, breaks it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from importlinter import Contract, ContractCheck, fields, output

if TYPE_CHECKING:
    from grimp import ImportGraph


class OnlyContract(Contract):
    """The packages ``importers`` import, apart from themselves and the standard library, only what is ``allowed``.

    An allowed module stands for all it contains. Imports for type checkers count as well. What an allowed module
    imports in its turn is for a contract on that module to say.
    """

    type_name = "only"

    importers = fields.ListField(subfield=fields.StringField())
    allowed = fields.SetField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002, FBT001 -- the tool's signature
        """Return the imports outside the list, sorted, as the metadata ``strays``."""
        importers: Any = self.importers
        allowed: Any = self.allowed
        strays = []
        for root in importers:
            for module in (root, *graph.find_descendants(root)):
                strays += [
                    (module, imported)
                    for imported in graph.find_modules_directly_imported_by(module)
                    if imported not in sys.stdlib_module_names and not _within(imported, {root, *allowed})
                ]
        return ContractCheck(kept=not strays, metadata={"strays": sorted(strays)})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print one line per stray import."""
        for importer, imported in check.metadata["strays"]:
            output.print_error(f"{importer} may not import {imported}", bold=False)
        output.new_line()


def _within(module: str, packages: set[str]) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)
