"""A table computes nothing, whichever separator it is taken apart by, and says what it said."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from typing import Literal

import pytest

from interpares.common.tables import TableWriter, unguarded

NAMES = [
    "Weiz",
    "'s-Hertogenbosch",
    "Mönchengladbach-Süd; „Stadt“",
    "=1+1",
    "-1|x",
    "Ort;=1+1;y",
    "Ort,=1+1,y",
    "Ort\t@SUM(A1)",
    "Ort\n+1",
    "a; -b, +c",
]


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_no_cell_begins_like_a_formula_by_either_separator(delimiter: Literal[",", ";"]) -> None:
    file = io.StringIO()
    TableWriter(file, delimiter).rows([["1", name, Decimal("-2.50")] for name in NAMES])

    text = file.getvalue()
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    assert [unguarded(row[1]) for row in rows] == NAMES
    assert {row[2] for row in rows} == {"-2.50"}
    for separator in ",;\t":
        cells = [cell for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator) for cell in row]
        assert [cell for cell in cells if cell[:1] in set("=+-@|%") and cell != "-2.50"] == []
