"""Every way in which what is found may differ from what must be is noticed, and called by its name."""

from __future__ import annotations

import pytest

from chaos.comparison import Comparison, Difference, difference


@pytest.mark.parametrize(
    ("found", "expected_difference"),
    [
        ("abcd", Difference()),
        ("abd", Difference(lost=("c",))),
        ("", Difference(lost=("a", "b", "c", "d"))),
        ("abbcd", Difference(duplicated=("b",))),
        ("abcdab", Difference(duplicated=("a", "b"))),
        ("acbd", Difference(reordered=("b",))),
        ("dabc", Difference(reordered=("a", "b", "c"))),
        ("abxcd", Difference(foreign=("x",))),
        ("abxd", Difference(lost=("c",), foreign=("x",))),
        ("dbb", Difference(lost=("a", "c"), duplicated=("b",), reordered=("b",))),
    ],
)
def test_a_sequence_compared(found: str, expected_difference: Difference) -> None:
    assert difference("abcd", found) == expected_difference


def test_without_an_order_only_the_numbers_count() -> None:
    assert not difference("abcd", "dcba", ordered=False)
    assert difference("abcd", "dcbb", ordered=False) == Difference(lost=("a",), duplicated=("b",))


def test_what_is_expected_twice_may_be_found_twice() -> None:
    assert not difference("aab", "aab")
    assert difference("aab", "ab") == Difference(lost=("a",))


def test_it_holds_only_if_nothing_differs_anywhere() -> None:
    comparison = Comparison()
    comparison.add("here", "abc", "abc")
    comparison.views["log"] = True
    assert comparison.holds
    assert comparison.told() == []

    comparison.add("there", "abc", "cab")
    comparison.add("elsewhere", "abc", "aabx")
    comparison.views["ledger"] = False

    assert not comparison.holds
    assert comparison.as_json() == {
        "lost": 1,
        "duplicated": 1,
        "reordered": 2,
        "foreign": 1,
        "views_equal_rebuild": False,
    }
    assert comparison.told() == [
        "there: 2 reordered: a; b",
        "elsewhere: 1 lost: c",
        "elsewhere: 1 duplicated: a",
        "elsewhere: 1 foreign: x",
        "ledger: not equal to its rebuild",
    ]


@pytest.mark.parametrize("kind", ["view", "fact"])
def test_one_fault_is_enough(kind: str) -> None:
    comparison = Comparison()
    comparison.views["log"] = kind != "view"
    comparison.add("here", "a", "a" if kind == "view" else "b")
    assert not comparison.holds
