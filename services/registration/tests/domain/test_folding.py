"""Names for comparison."""

from __future__ import annotations

import pytest

from interpares.registration.domain.directory.folding import fold, forms, skeleton, spell, words


@pytest.mark.parametrize(
    ("name", "folded", "spelled"),
    [
        ("Bad  Ischl", "bad ischl", "bad ischl"),
        ("Sant Cugat del Vallès", "sant cugat del valles", "sant cugat del valles"),
        ("GROẞENHAIN", "grossenhain", "grossenhain"),
        ("Lübeck", "lubeck", "luebeck"),
        ("Mu\u0308nchen", "munchen", "muenchen"),
        ("Łódź", "lodz", "lodz"),
        ("Ærøskøbing", "aeroskobing", "aeroeskoebing"),
        ("Ｔｏｋｙｏ", "tokyo", "tokyo"),
    ],
)
def test_a_name_has_two_plain_forms(name: str, folded: str, spelled: str) -> None:
    assert (fold(name), spell(name)) == (folded, spelled)
    assert forms(name) == tuple(dict.fromkeys((folded, spelled)))


def test_words_are_those_of_both_forms() -> None:
    assert words("Bad Köstritz-Süd") == ("bad", "kostritz", "sud", "koestritz", "sued")
    assert words("تونس") == ("تونس",)


def test_a_skeleton_outlives_wrong_vowels_and_doubled_letters() -> None:
    assert skeleton("gmunden") == skeleton("gmunndn") == "gmndn"
    assert skeleton("aalen") == skeleton("alen") == "aln"
