"""The cast of MULTIPLY: 42 real municipalities in the numbers the template's duties follow from."""

import re
from collections import Counter

import pytest
import yaml

from interpares.console.demo import STORIES, templates_folder
from interpares.console.story.cast import ROLES, cast, slug

TEMPLATES = {
    "multiply": "multiply.yaml",
    "climate": "climate-partnership.yaml",
    "connective": "connective-cities.yaml",
    "accompanied": "accompanied-municipalities.yaml",
    "start-smart": "start-smart.yaml",
}


def roles(story: str) -> list[str]:
    """Return the roles of the template a story is about."""
    return list(yaml.safe_load((templates_folder() / TEMPLATES[story]).read_text(encoding="utf-8"))["roles"])


# The form of an official key: Gemeindekennziffer, NIS, AGS, INE, Istat, CBS.
FORMS = {
    "GKZ": ("AT", r"[1-9]\d{4}"),
    "NIS": ("BE", r"[1-9]\d{4}"),
    "AGS": ("DE", r"(0[1-9]|1[0-6])\d{6}"),
    "INE": ("ES", r"(0[1-9]|[1-4]\d|5[0-2])\d{3}"),
    "ISTAT": ("IT", r"\d{6}"),
    "CBS": ("NL", r"GM\d{4}"),
}


def test_each_country_has_two_front_runners_one_award_winner_and_four_followers() -> None:
    troupe = cast()
    assert troupe.countries == ("AT", "BE", "DE", "ES", "IT", "NL")
    for country in troupe.countries:
        assert [len(troupe.of(country, role)) for role in ROLES] == [2, 1, 4]
    assert len(troupe.admitted) == 42
    # More followers of one country than there are places: one of them waits in vain, one withdraws.
    assert [town.name for town in troupe.declined] == ["Weimar"]
    assert [town.name for town in troupe.withdrawn] == ["Gera"]


def test_keys_have_their_countrys_form_and_name_one_town_each() -> None:
    keys: Counter[tuple[str, str]] = Counter()
    for town in cast().towns:
        own, lau = town.keys
        country, form = FORMS[own["scheme"]]
        assert country == town.country
        assert re.fullmatch(form, own["value"]), town.name
        assert lau == {"scheme": "LAU", "value": f"{country}_{own['value']}"}
        keys.update((key["scheme"], key["value"]) for key in town.keys)
    assert set(keys.values()) == {1}


def test_everybody_has_an_account_and_an_address_of_their_own() -> None:
    troupe = cast()
    people = [troupe.office.clerk, troupe.office.auditor, *(town.coordinator for town in troupe.towns)]
    assert len({person.email for person in people}) == len(people) == 46
    assert all(person.email.isascii() and person.email.endswith(".example") for person in people)
    assert len(set(troupe.subjects.values())) == len(troupe.subjects) == 47


@pytest.mark.parametrize("story", STORIES)
def test_every_story_has_a_cast_of_its_own(story: str) -> None:
    troupe = cast(story)
    assert troupe.title
    assert {town.role for town in troupe.towns} <= set(roles(story))
    assert len({town.slug for town in troupe.towns}) == len(troupe.towns)


def test_who_plays_in_several_stories_is_the_same_there() -> None:
    known: dict[str, tuple[object, ...]] = {}
    for story in STORIES:
        for town in cast(story).towns:
            told = known.setdefault(town.slug, (town.names, town.keys, town.coordinator))
            assert told == (town.names, town.keys, town.coordinator), town.name


def test_context_names_are_plain() -> None:
    assert all(re.fullmatch(r"[a-z0-9-]+", name) for name in cast().subjects)
    assert slug("Kempten (Allgäu)") == "kempten-allgau"
