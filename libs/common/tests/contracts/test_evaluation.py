from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import TypeAdapter

from interpares.common.contracts.template import Facts, evaluate
from interpares.common.contracts.template.eligibility import Predicate

PREDICATES: TypeAdapter[tuple[Predicate, ...]] = TypeAdapter(tuple[Predicate, ...])


def facts(**known: Any) -> Facts:
    return Facts.model_validate({"kind": "municipality", "country": "DE", "applied_on": date(2026, 3, 1), **known})


MODEL_PROJECT = {"programme": "model-projects", "starts": "2020-01-01", "ends": "2026-03-01"}


@pytest.mark.parametrize(
    ("predicate", "known", "outcome", "found"),
    [
        ({"predicate": "kind", "one_of": ["municipality"]}, {}, "holds", "municipality"),
        ({"predicate": "kind", "one_of": ["university"]}, {}, "fails", "municipality"),
        ({"predicate": "country", "one_of": ["DE", "AT"]}, {}, "holds", "DE"),
        ({"predicate": "country", "one_of": ["AT"]}, {}, "fails", "DE"),
        ({"predicate": "population", "at_least": 10}, {"population": 10}, "holds", "10"),
        ({"predicate": "population", "at_least": 10}, {"population": 9}, "fails", "9"),
        ({"predicate": "population", "at_most": 10}, {"population": 11}, "fails", "11"),
        ({"predicate": "population", "at_least": 10}, {}, "unknown", "unknown"),
        ({"predicate": "population", "at_least": 10, "summed": True}, {"members_population": [4, 6]}, "holds", "10"),
        (
            {"predicate": "population", "at_least": 10, "summed": True},
            {"members_population": [40, None]},
            "unknown",
            "unknown",
        ),
        ({"predicate": "population", "at_least": 10, "summed": True}, {"population": 12}, "holds", "12"),
        ({"predicate": "population", "at_least": 10}, {"population": 4, "members_population": [4, 9]}, "fails", "4"),
        (
            {"predicate": "funding", "programme": "model-projects", "funded": False},
            {"funding": [MODEL_PROJECT]},
            "fails",
            "funded:2026-03-01",
        ),
        (
            {"predicate": "funding", "programme": "model-projects", "funded": False},
            {"funding": [MODEL_PROJECT], "applied_on": "2026-03-02"},
            "holds",
            "not-funded:2026-03-02",
        ),
        (
            {"predicate": "funding", "programme": "model-projects", "at": "2019-12-31"},
            {"funding": [MODEL_PROJECT]},
            "fails",
            "not-funded:2019-12-31",
        ),
        (
            {"predicate": "funding", "programme": "model-projects", "at": "deadline"},
            {"funding": [{"programme": "model-projects"}], "deadline": "2026-04-01"},
            "holds",
            "funded:2026-04-01",
        ),
        ({"predicate": "funding", "programme": "model-projects", "at": "deadline"}, {}, "unknown", "unknown"),
        (
            {"predicate": "membership", "of": "climate-network"},
            {"member_of": ["climate-network"]},
            "holds",
            "member:climate-network",
        ),
        ({"predicate": "membership", "of": "climate-network"}, {}, "fails", "not-member:climate-network"),
        (
            {"predicate": "membership", "of": "climate-network", "member": False},
            {},
            "holds",
            "not-member:climate-network",
        ),
        (
            {"predicate": "history", "has": "attended", "times": 2},
            {"attended": {"dialogue": 1, "mission": 1}},
            "holds",
            "2",
        ),
        (
            {"predicate": "history", "has": "attended", "formats": ["dialogue"], "times": 2},
            {"attended": {"dialogue": 1, "mission": 1}},
            "fails",
            "1",
        ),
        ({"predicate": "history", "has": "hosted"}, {"attended": {"dialogue": 1}}, "fails", "0"),
        (
            {"predicate": "history", "has": "attended-or-hosted", "times": 2},
            {"attended": {"dialogue": 1}, "hosted": {"dialogue": 1}},
            "holds",
            "2",
        ),
        ({"predicate": "applicants", "apply": "alone"}, {}, "holds", "alone"),
        ({"predicate": "applicants", "apply": "alone"}, {"consortium": True}, "fails", "consortium"),
        (
            {
                "predicate": "any",
                "of": [{"predicate": "country", "one_of": ["AT"]}, {"predicate": "kind", "one_of": ["municipality"]}],
            },
            {},
            "holds",
            "municipality",
        ),
        (
            {
                "predicate": "any",
                "of": [{"predicate": "country", "one_of": ["AT"]}, {"predicate": "population", "at_least": 1}],
            },
            {},
            "unknown",
            "unknown",
        ),
        ({"predicate": "any", "of": [{"predicate": "country", "one_of": ["AT"]}]}, {}, "fails", "DE"),
        ({"predicate": "none", "of": [{"predicate": "country", "one_of": ["AT"]}]}, {}, "holds", "DE"),
        ({"predicate": "none", "of": [{"predicate": "country", "one_of": ["DE"]}]}, {}, "fails", "DE"),
        ({"predicate": "none", "of": [{"predicate": "population", "at_least": 1}]}, {}, "unknown", "unknown"),
    ],
)
def test_a_predicate_finds(predicate: dict[str, Any], known: dict[str, Any], outcome: str, found: str) -> None:
    (finding,) = evaluate(PREDICATES.validate_python((predicate,)), facts(**known))
    assert (finding.index, finding.predicate) == (0, predicate["predicate"])
    assert (finding.outcome, finding.found) == (outcome, found)


def test_findings_come_in_the_order_of_the_predicates() -> None:
    predicates = ({"predicate": "applicants", "apply": "alone"}, {"predicate": "country", "one_of": ["AT"]})
    findings = evaluate(PREDICATES.validate_python(predicates), facts())
    assert [(each.index, each.predicate, each.outcome) for each in findings] == [
        (0, "applicants", "holds"),
        (1, "country", "fails"),
    ]
