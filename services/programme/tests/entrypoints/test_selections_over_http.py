"""A selection from its criteria to the result and the printed comparison, over HTTP on a real database."""

from __future__ import annotations

import csv
import io
from io import BytesIO
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest
from pypdf import PdfReader
from services.programme.tests.entrypoints.test_subscriptions import hear

from interpares.common.contracts import registration as contracts

if TYPE_CHECKING:
    from services.programme.tests.entrypoints.conftest import Office

SELECTION = {
    "roles": ["follower"],
    "criteria": {
        "concept": {"label": {"de": "Konzept", "en": "Concept"}, "weight": 2},
        "need": {"label": {"de": "Bedarf", "en": "Need"}},
    },
    "tie_break": ["concept", "lot"],
    "places": 1,
}
ROUND = "AT.followers"


@pytest.fixture
async def selecting(office: Office, multiply: dict[str, Any]) -> Office:
    """An office whose programme chooses its followers."""
    body = {
        "title": {"en": "MULTIPLY"},
        "office_id": str(office.office_id),
        "template": multiply | {"selection": {"followers": SELECTION}},
        "strands": ["AT"],
    }
    office.programme_id = str((await office.does("/programmes", body, 201))["id"])
    await office.open_call()
    return office


def path(office: Office, *parts: str) -> str:
    return "/".join((f"/programmes/{office.programme_id}", *parts))


async def fix(office: Office, expect: int = 201) -> dict[str, Any]:
    return await office.does(path(office, "selection-rules", "followers", "criteria"), {}, expect)


async def assess(office: Office, application: UUID, concept: str, need: str, expect: int = 201) -> dict[str, Any]:
    body = {"application_id": str(application), "points": {"concept": concept, "need": need}}
    return await office.does(path(office, "selections", ROUND, "assessments"), body, expect)


async def test_applicants_are_chosen_and_compared(selecting: Office) -> None:
    await fix(selecting)
    towns = [await selecting.applies("follower") for _ in range(3)]
    for (_, application), points in zip(towns, ("7.5", "9", "5"), strict=True):
        await assess(selecting, application, points, "5")
    ranked_elsewhere = contracts.ApplicationsRanked(
        ranking_id=UUID(int=5),
        programme_id=UUID(selecting.programme_id),
        role="follower",
        strand="AT",
        version=3,
        rule="selection.followers",
        hash="ab" * 32,
        entries=(),
    )
    await hear(selecting.served, ranked_elsewhere)
    single = await selecting.does(
        path(selecting, "participations"), {"application_id": str(towns[0][1]), "role": "follower"}, 409
    )
    early = await selecting.does(path(selecting, "selections", ROUND, "ranking"), {}, 409)
    await selecting.does(path(selecting, "call", "closure"))
    ranking = await selecting.does(path(selecting, "selections", ROUND, "ranking"))
    result = await selecting.does(path(selecting, "selections", ROUND, "result"), {"waiting": 1})

    assert (single["code"], early["code"]) == ("selection-running", "call-still-open")
    shown = (
        await selecting.served.get("auditor", path(selecting, "selections", ROUND, "comparison"), selecting.position)
    ).json()
    order = [towns[1][1], towns[0][1], towns[2][1]]
    assert [each["application_id"] for each in shown["applicants"]] == list(map(str, order))
    assert [(each["place"], each["score"], each["outcome"]) for each in shown["applicants"]] == [
        (1, "7.6667", "admitted"),
        (2, "6.6667", "waiting"),
        (3, "5", "declined"),
    ]
    listed = (await selecting.served.get("office", path(selecting, "selections"))).json()["items"]
    assert [(each["round"], each["progress"]) for each in listed] == [(ROUND, "decided")]

    why = (
        await selecting.served.get(
            "office", path(selecting, "decisions", ranking["decision"]["id"]), selecting.position
        )
    ).json()
    assert why["evidence"][-1]["ref"] == f"ranking:{UUID(int=5)}"
    assert (why["relied_on"][-1]["kind"], bool(why["relied_on"][-1]["label"])) == ("ranking", True)
    log = path(selecting, f"decisions?follows={result['decision']['id']}")
    followed = (await selecting.served.get("office", log)).json()["items"]
    assert [each["outcome"] for each in followed] == ["admitted", "waiting", "declined"]
    letter = await selecting.served.get(
        "office", path(selecting, "decisions", followed[1]["id"], "letter?language=de&format=text")
    )
    assert "steht auf Platz 1 der Warteliste" in letter.text
    assert "Platz: 2" in letter.text


async def test_a_comparison_can_be_printed(selecting: Office) -> None:
    await fix(selecting)
    _, first = await selecting.applies("follower")
    await selecting.applies("follower")
    await assess(selecting, first, "7.5", "5")
    where = path(selecting, "selections", ROUND, "comparison")

    table = await selecting.served.get("office", f"{where}/csv?language=en")
    page = await selecting.served.get("office", f"{where}/html?language=de")
    paper = await selecting.served.get("office", f"{where}/pdf?language=de")

    head, *rows = csv.reader(io.StringIO(table.content.decode("utf-8-sig")), delimiter=";")
    assert head == [
        "Rank",
        "Organisation",
        "Concept",
        "Need",
        "Score",
        "Assessments",
        "Outcome",
        "Decided among equals by",
    ]
    assert rows == [
        ["", "Musterstadt", "7.5", "5", "6.6667", "1", "open", ""],
        ["", "Musterstadt", "", "", "", "0", "open", ""],
    ]
    assert "<td>6,667</td>" in page.text
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    reader = PdfReader(BytesIO(paper.content))
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "Musterstadt" in reader.pages[0].extract_text()


async def test_a_conflict_and_wrong_steps_are_told(selecting: Office) -> None:
    organisation, application = await selecting.applies("follower")
    unknown = await assess(selecting, application, "5", "5", 404)
    await fix(selecting)
    twice = await fix(selecting, 409)
    ann = str(uuid4())
    body = {"assessor": ann, "organisation_id": str(organisation), "kind": "kinship"}
    await selecting.does(path(selecting, "selections", ROUND, "exclusions"), body, 201)
    refused = await selecting.does(
        path(selecting, "selections", ROUND, "assessments"),
        {"application_id": str(application), "assessor": ann, "points": {"concept": "1", "need": "1"}},
        409,
    )
    wrong = await selecting.does(
        path(selecting, "selections", ROUND, "assessments"),
        {"application_id": str(application), "points": {"concept": "1"}},
        422,
    )
    nowhere = await selecting.served.get("office", path(selecting, "selections", "AT.guests", "comparison"))

    assert [each["code"] for each in (unknown, twice, refused)] == [
        "unknown-selection",
        "criteria-fixed-already",
        "assessor-excluded",
    ]
    assert wrong["errors"][0]["field"] == "points"
    assert nowhere.status_code == 404
