"""Papers: what is put on them can be read back, and none of it is taken for an instruction."""

from __future__ import annotations

from io import BytesIO

from pypdf import PdfReader

from interpares.common.paper import Paper, Part, pdf

PAPER = Paper(
    "de",
    "Ihr Antrag",
    (
        Part("Grund", ("Größe über alles, #eval(1+1) $x$ *fett* @ref",)),
        Part(rows=(("given_name", "Zoë"), ("family_name", "]#panic()"))),
    ),
)


def read(paper: Paper) -> str:
    pages = PdfReader(BytesIO(pdf(paper))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_what_is_set_can_be_read_and_runs_nothing() -> None:
    text = read(PAPER)

    for expected in ("Ihr Antrag", "Grund", "Größe über alles, #eval(1+1) $x$ *fett* @ref", "Zoë", "]#panic()"):
        assert expected in text


def test_equal_papers_make_equal_bytes() -> None:
    assert pdf(PAPER) == pdf(PAPER)


def test_a_paper_is_plain_text_as_well() -> None:
    assert PAPER.as_text() == (
        "Ihr Antrag\n\nGrund\n\nGröße über alles, #eval(1+1) $x$ *fett* @ref\n\n"
        "given_name: Zoë\nfamily_name: ]#panic()\n"
    )
