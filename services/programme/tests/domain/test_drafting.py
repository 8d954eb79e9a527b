from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from interpares.common.contracts.template import Template
from interpares.programme.domain.charter import read_charter
from interpares.programme.domain.decision import RuleRef
from interpares.programme.domain.drafting import strands_of
from interpares.programme.domain.errors import StrandsNotFitting
from interpares.programme.domain.programme import Programme
from interpares.programme.domain.wording import Wording, digest

if TYPE_CHECKING:
    from services.programme.tests.conftest import Story

LABEL = {"en": "x"}


def draft(story: Story, document: dict[str, Any], *strands: str) -> Programme:
    programme, _ = Programme.draft(
        story.programme_id,
        title={"en": "A small programme"},
        office=story.office,
        template=document,
        strands=strands,
        grounds=story.grounds(),
    )
    return programme


def test_a_programme_is_drafted_from_a_template(story: Story) -> None:
    programme = draft(story, story.document)

    drafted, fields = story.drafted("AT", "DE")
    decision = story.decision(
        "programme-draft",
        f"programme:{story.programme_id}",
        "drafted",
        concerns=(story.office,),
        rule=RuleRef("template", 3, digest(story.document)),
    )
    fields |= {"decision": decision, "template_hash": digest(story.document)}
    assert list(programme.collect_events()) == story.told(1, (drafted, fields))


@pytest.mark.parametrize(
    ("by", "wanted", "strands"),
    [
        ({"by": "country", "keys": ["AT", "DE"]}, (), ("AT", "DE")),
        ({"by": "country", "keys": ["AT", "DE"]}, ("DE",), ("DE",)),
        ({"by": "country"}, ("NL", "BE"), ("BE", "NL")),
        ({"by": "one"}, (), ("all",)),
        ({"by": "pair"}, (), ()),
        ({"by": "cluster", "clusters": {"north": LABEL, "coast": LABEL}}, (), ("coast", "north")),
        ({"by": "cluster", "clusters": {"north": LABEL, "coast": LABEL}}, ("north",), ("north",)),
    ],
)
def test_strands_come_from_the_draft_or_the_template(
    story: Story, by: dict[str, Any], wanted: tuple[str, ...], strands: tuple[str, ...]
) -> None:
    assert draft(story, story.template(strands=by), *wanted).state.charter.strands == strands


@pytest.mark.parametrize(
    ("by", "wanted"),
    [
        ({"by": "country", "keys": ["AT", "DE"]}, ("FR",)),
        ({"by": "country"}, ()),
        ({"by": "country"}, ("BE", "BE")),
        ({"by": "country"}, ("Belgium",)),
        ({"by": "one"}, ("BE",)),
        ({"by": "pair"}, ("BE",)),
        ({"by": "cluster", "clusters": {"north": LABEL}}, ("south",)),
    ],
)
def test_strands_that_do_not_fit_are_refused(story: Story, by: dict[str, Any], wanted: tuple[str, ...]) -> None:
    with pytest.raises(StrandsNotFitting) as refused:
        draft(story, story.template(strands=by), *wanted)
    assert refused.value.field == "strands"


class Listening(dict[str, Any]):
    """A document that takes note of which of its sections are asked for by name."""

    def __init__(self, document: dict[str, Any]) -> None:
        super().__init__(document)
        self.asked: set[str] = set()

    def __getitem__(self, key: str) -> Any:
        self.asked.add(key)
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        self.asked.add(key)
        return super().get(key, default)


def test_every_section_of_the_language_is_read_where_it_is_executed(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What amendments compare is all of it, whoever executes it.
    monkeypatch.setattr(Wording, "hashes", lambda _: {})
    listening = Listening(story.document)
    read_charter(listening, strands_of(listening, ()))
    # These name and describe: nothing is decided by them.
    naming = {"vocabulary", "title", "summary", "methods"}
    assert listening.asked == Template.model_fields.keys() - naming


def test_what_only_describes_is_carried_along(story: Story) -> None:
    document = story.template(
        goals={"learn": {"label": LABEL}},
        themes={"energy": {"label": LABEL}},
        audiences={"mayors": {"label": LABEL}},
        methods={"workshop": {"label": LABEL}},
        summary=LABEL,
    )
    (event,) = draft(story, document).collect_events()
    assert isinstance(event, Programme.Created)
    assert event.template == document
