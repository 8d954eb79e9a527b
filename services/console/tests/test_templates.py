"""``templates check`` finds what is wrong and says where."""

from pathlib import Path

import pytest

from interpares.console import marks, trying
from interpares.console.commands.templates import dry_run
from interpares.console.failures import Refused, Unreachable, Usage
from interpares.console.foretelling import foretold
from interpares.console.marks import Flaw
from interpares.console.templates import check
from interpares.console.trying import tried

TEMPLATES = Path(__file__).parents[3] / "templates"
MULTIPLY = TEMPLATES / "multiply.yaml"
SMALL = """\
id: small
version: 1
title: {en: Small}
lifecycle: call
strands: {by: country}
roles:
  host: {label: {en: Host}, obtained: selection}
"""


def flaws(folder: Path, text: str) -> tuple[Flaw, ...]:
    file = folder / "template.yaml"
    file.write_text(text, encoding="utf-8")
    return check(file)


def test_multiply_is_fine() -> None:
    assert check(MULTIPLY) == ()


def test_a_small_template_is_fine(tmp_path: Path) -> None:
    assert flaws(tmp_path, SMALL) == ()


@pytest.mark.parametrize(
    ("more", "flaw"),
    [
        ("rolls: {}\n", Flaw(8, "rolls", "is no word of the template language")),
        ("  guest: {label: {en: Guest}}\n", Flaw(8, "roles.guest.obtained", "is missing")),
        ("version: 2\n", Flaw(8, "version", "is given twice, first in line 2")),
        ("phases:\n- {key: one, label: {en: 1}}\n", Flaw(9, "phases.0.label.en", "input should be a valid string")),
        (
            "formats:\n  talk:\n    label: {en: Talk}\n    audiences:\n    - mayors\n",
            Flaw(12, "formats.talk.audiences.0", "names the audience 'mayors', which the template does not define"),
        ),
        (
            "goals: {}\npairs:\n  twins: {label: {en: Twins}, between: [host, guest]}\n",
            Flaw(10, "pairs.twins.between.1", "names the role 'guest', which the template does not define"),
        ),
        ("themes: {}\nmanual:\n  fair: {label: {}, applies_to: role}\n", Flaw(10, "manual.fair.label", "is empty")),
        ("? [a, b]\n: c\n", Flaw(8, "", "has a key that is no text")),
    ],
)
def test_a_flaw_is_told_by_line_and_path(tmp_path: Path, more: str, flaw: Flaw) -> None:
    assert flaw in flaws(tmp_path, SMALL + more)


def test_a_wrong_entry_is_told_once_and_not_as_an_empty_list(tmp_path: Path) -> None:
    hosting = (
        "hosting:\n  h: {label: {en: H}, quantifier: open, role: host, on_host_loss: lapse, formats: [{duties: 1}]}\n"
    )
    assert flaws(tmp_path, SMALL + hosting) == (Flaw(9, "hosting.h.formats.0.format", "is missing"),)


def test_a_variant_nobody_knows_is_told_by_its_word(tmp_path: Path) -> None:
    (flaw,) = flaws(tmp_path, SMALL.replace("{by: country}", "{by: river}"))
    assert (flaw.line, flaw.path) == (5, "strands")
    assert flaw.fact.startswith("has 'river' as by, which is none of 'country'")


def test_the_country_no_is_no_country(tmp_path: Path) -> None:
    text = SMALL.replace("{by: country}", "{by: country, keys: [AT, NO]}")
    assert flaws(tmp_path, text) == (Flaw(5, "strands.keys.1", "input should be a valid string"),)


def test_flaws_come_in_the_order_of_lines(tmp_path: Path) -> None:
    found = flaws(tmp_path, "wrong: 1\n" + SMALL + "version: 3\nwronger: 2\n")
    assert [flaw.line for flaw in found] == [1, 9, 10]


@pytest.mark.parametrize(
    ("text", "line"), [("id: [\n", 2), ("id: x\n\tversion: 1\n", 2), ("a: &a [*a]\n", 1), ("id: 2024-13-45\n", 1)]
)
def test_what_is_no_yaml_is_told_with_its_line(tmp_path: Path, text: str, line: int) -> None:
    [flaw] = flaws(tmp_path, text)
    assert (flaw.line, flaw.path) == (line, "")
    assert flaw.fact.startswith("is no YAML")


def test_an_empty_file_is_no_template(tmp_path: Path) -> None:
    [flaw] = flaws(tmp_path, "")
    assert (flaw.line, flaw.path) == (1, "")


def test_aliases_and_merges_are_followed() -> None:
    read = marks.read("a: &a {x: 1}\nb:\n  <<: *a\n  y: 2\n")
    assert read.value == {"a": {"x": 1}, "b": {"x": 1, "y": 2}}
    assert read.line(("b", "y", "deeper")) == 4


def test_a_dry_run_tells_what_follows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    organisations = tmp_path / "towns.yaml"
    organisations.write_text("- {name: Werdohl, role: peer}\n- {name: Köln, role: peer, kind: university}\n", "utf-8")
    dry_run(TEMPLATES / "start-smart.yaml", organisations=organisations, starts="2027-01-01")
    told = capsys.readouterr().out
    assert "term 2027-01-01 to 2027-06-30" in told
    assert "  2027-01-01 series.questions: own-question from Werdohl" in told
    assert "  Köln: The organisation is not eligible for the role peer" in told


@pytest.mark.parametrize("name", sorted(path.name for path in TEMPLATES.glob("*.yaml")))
def test_a_dry_run_of_each_template_has_a_line_for_each_fact(name: str) -> None:
    told = tried({"template": marks.read((TEMPLATES / name).read_text("utf-8")).value})
    lines = list(foretold(told))
    assert len(lines) > sum(len(told[part]) for part in ("duties", "pairs", "meetings", "milestones", "deadlines"))


def test_amounts_are_told_as_people_write_them() -> None:
    template = marks.read((TEMPLATES / "climate-partnership.yaml").read_text("utf-8")).value
    template["funding"]["total"] = "142000.50"
    assert any("142000.50 EUR" in line for line in foretold(tried({"template": template})))
    template["funding"]["total"] = "142000.00"
    assert any("142000 EUR" in line for line in foretold(tried({"template": template})))


def test_a_dry_run_of_a_flawed_template_tells_its_flaws_and_one_that_cannot_be_tried_why(tmp_path: Path) -> None:
    flawed = tmp_path / "flawed.yaml"
    flawed.write_text(SMALL + "rolls: {}\n", "utf-8")
    with pytest.raises(Refused, match="1 flaw"):
        dry_run(flawed)
    with pytest.raises(Refused, match="strands"):
        dry_run(TEMPLATES / "start-smart.yaml", strands="AT")
    with pytest.raises(Usage, match="nowhere"):
        dry_run(tmp_path / "nowhere.yaml")
    with pytest.raises(Usage, match="towns"):
        dry_run(TEMPLATES / "start-smart.yaml", organisations=tmp_path / "towns.yaml")


def test_without_the_programme_service_nothing_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trying, "TRY", ("false",))
    with pytest.raises(Unreachable, match="no answer"):
        tried({"template": {}})
