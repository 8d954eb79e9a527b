"""Documents over HTTP on a real database: entered by their owners, reviewed by peers, followed to what came of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from interpares.common.envelope import to_message
from interpares.programme.domain.reviewing import events
from interpares.programme.entrypoints.publications import publish

if TYPE_CHECKING:
    from uuid import UUID

    from services.programme.tests.entrypoints.conftest import Office

LETTER = {"channel": "mail", "received_on": "2026-03-01T09:00:00Z"}
WHY = {"reason_code": "our-turn", "reason": "We said we would."}
PLAN, SECOND = "a1" * 32, "b2" * 32
TITLE, FOUND = "Our way to climate neutrality", "The heat network is planned too large."


class Table:
    """An action plan of the first follower and whoever has to do with it."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.owner, *self.peers = office.members[3:]
        self.documents = f"/programmes/{office.programme_id}/documents"
        self.document = ""

    async def does(self, who: UUID, path: str, body: dict[str, Any], expect: int = 200) -> dict[str, Any]:
        answer = await self.office.served.post(f"coordinator-{who}", path, WHY | body)
        assert answer.status_code == expect, answer.text
        answered: dict[str, Any] = answer.json()
        self.office.position = answered.get("position", self.office.position)
        return answered

    async def enter(self) -> None:
        version = {"version": 1, "language": "de", "document_hash": PLAN}
        body = {"kind": "energy-action-plan", "owners": [str(self.owner)], "title": TITLE, **version}
        self.document = f"{self.documents}/{(await self.does(self.owner, self.documents, body, 201))['id']}"

    async def choose(self, *reviewers: UUID, version: int = 1, **more: Any) -> dict[str, Any]:
        body = {"reviewers": list(map(str, reviewers)), **more}
        return await self.office.does(f"{self.document}/versions/{version}/reviewers", body, 201)

    def review(self, reviewer: UUID) -> str:
        return f"{self.document}/versions/1/reviews/{reviewer}"

    async def read(self, path: str, who: str = "office") -> Any:
        answer = await self.office.served.get(who, path, self.office.position)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def reviews(self, query: str = "", who: str = "office") -> list[dict[str, Any]]:
        listed = await self.read(f"/programmes/{self.office.programme_id}/reviews{query}", who)
        return list(listed["items"])

    async def waits(self, kind: str) -> list[dict[str, Any]]:
        return list((await self.read(f"/desk/items?kind={kind}&programme={self.office.programme_id}"))["items"])


async def test_a_plan_is_reviewed_by_peers_and_what_they_recommend_is_followed(running: Office) -> None:
    table = Table(running)
    await table.enter()
    first, second, third = table.peers
    await table.choose(first, second, due="2099-05-01")
    waiting = await table.waits("review")
    assert {each["organisation_id"] for each in waiting} == {str(first), str(second)}
    assert {(each["waits_for"], each["due"]) for each in waiting} == {("organisation", "2099-05-01T00:00:00Z")}

    given = await table.does(first, table.review(first), {"document_hash": PLAN, "text": FOUND})
    source = f"review:{given['id']}"
    output = {"kind": "recommendation", "source": source, "text": "Plan it smaller."}
    due = {"owner_id": str(table.owner), "due": "2099-12-31"}
    made = await running.does(f"/programmes/{running.programme_id}/outputs", output | due, 201)

    chain = await table.read(f"/programmes/{running.programme_id}/outputs/{made['id']}")
    assert chain["reviewed"] == {
        "review_id": given["id"],
        "reviewer_id": str(first),
        "document_id": table.document.rpartition("/")[2],
        "kind": "energy-action-plan",
        "version": 1,
        "document_hash": PLAN,
    }
    explained = await table.read(f"/programmes/{running.programme_id}/decisions/{given['decision']['id']}")
    relied = explained["relied_on"][0]
    assert (relied["kind"], relied["code"], relied["of"]) == ("document", "energy-action-plan", str(table.owner))
    assert relied["label"]["de"] == "Energieaktionsplan"
    (review,) = await table.reviews("?status=given")
    assert (review["text"], review["outputs"]) == (FOUND, [made["id"]])
    (open_review,) = await table.reviews(f"?status=asked&document={review['document_id']}&reviewer={second}")
    reminder = {"selected": [{"item": f"review:{open_review['id']}", "organisation_id": str(second)}]}
    await running.does(f"/programmes/{running.programme_id}/desk/reminders", reminder)
    assert len(await table.waits("review")) == 1
    # The balance of giving and taking counts it on both sides.
    balance = {
        each["organisation_id"]: (each["reviews_given"], each["reviews_received"])
        for each in (await table.read(f"/programmes/{running.programme_id}/reciprocity?limit=200"))["items"]
    }
    assert (balance[str(first)], balance[str(table.owner)], balance[str(third)]) == ((1, 0), (0, 1), (0, 0))


async def test_what_was_found_is_read_by_those_it_concerns(running: Office) -> None:
    table = Table(running)
    await table.enter()
    first, second, third = table.peers
    await table.choose(first, second)
    await table.does(first, table.review(first), {"document_hash": PLAN, "text": FOUND})
    for who, text in (("office", FOUND), ("auditor", FOUND), (f"coordinator-{third}", None)):
        assert [each["text"] for each in await table.reviews("?status=given", who)] == [text]
    for concerned in (table.owner, first):
        assert [each["text"] for each in await table.reviews("?status=given", f"coordinator-{concerned}")] == [FOUND]
    document = await table.read(table.document, f"coordinator-{third}")
    assert (document["title"], document["owners"]) == (TITLE, [str(table.owner)])


async def test_the_desk_tells_that_reviewers_are_missing(running: Office) -> None:
    table = Table(running)
    await table.enter()
    first, second, third = table.peers
    await table.choose(first, second)
    assert await table.waits("reviewers") == []

    await table.does(first, f"{table.review(first)}/refusal", {})
    await table.does(second, f"{table.document}/conflicts", {"organisation_id": str(second)}, 201)

    (missing,) = await table.waits("reviewers")
    assert (missing["item"], missing["waits_for"]) == (f"document:{table.document.rpartition('/')[2]}.1", "office")
    refused = await running.does(f"{table.document}/versions/1/reviewers", {"reviewers": [str(second)]}, 422)
    assert [each["field"] for each in refused["errors"]] == ["reviewers.0"]
    await table.choose(first, third)
    assert await table.waits("reviewers") == []
    await running.does(f"{table.document}/conflicts/{second}/end")
    assert (await table.read(table.document))["conflicts"] == []
    await running.does(f"{table.review(third)}/release")
    assert [each["status"] for each in await table.reviews(f"?reviewer={third}")] == ["lapsed"]
    assert len(await table.waits("reviewers")) == 1
    await table.does(table.owner, f"{table.document}/withdrawal", {})
    assert (await table.waits("reviewers"), await table.waits("review")) == ([], [])


async def test_versions_are_listed_and_any_of_them_is_reviewed(running: Office) -> None:
    table = Table(running)
    await table.enter()
    version = {"version": 2, "language": "en", "document_hash": SECOND}
    assert (await running.does(f"{table.document}/versions", version, 422))["errors"][0]["field"] == "on_behalf"
    await running.does(f"{table.document}/versions", version | {"on_behalf": LETTER}, 201)
    first, second, _ = table.peers
    await table.choose(first, second, version=2)
    listed = await table.read(f"{table.documents}?kind=energy-action-plan&owner={table.owner}")
    (document,) = listed["items"]
    assert [(each["version"], each["reviewers_at_least"]) for each in document["versions"]] == [(1, None), (2, 2)]
    assert {each["document_hash"] for each in await table.reviews()} == {SECOND}


async def test_only_those_concerned_decide_about_a_document(running: Office) -> None:
    table = Table(running)
    await table.enter()
    first, second, third = table.peers
    await table.choose(first, second)
    version = {"version": 2, "language": "en", "document_hash": SECOND}
    await table.does(third, f"{table.document}/versions", version, 404)
    await table.does(third, table.review(first), {"document_hash": PLAN, "text": FOUND}, 404)
    await running.does(table.review(third), {"document_hash": PLAN, "text": FOUND, "on_behalf": LETTER}, 404)
    assert (await running.served.get("office", f"{table.documents}/{uuid4()}")).status_code == 404
    wrong = {"document_hash": SECOND, "text": FOUND, "on_behalf": LETTER}
    assert (await running.does(table.review(first), wrong, 409))["code"] == "other-content"


async def test_documents_are_published_without_titles_and_findings(running: Office) -> None:
    table = Table(running)
    await table.enter()
    first, second, third = table.peers
    await table.choose(first, second, due="2099-05-01")
    await table.does(first, table.review(first), {"document_hash": PLAN, "text": FOUND})
    await table.does(second, f"{table.review(second)}/refusal", {})
    await table.choose(third)
    await running.does(f"/programmes/{running.programme_id}/closure")

    told = []
    for each in await running.served.parts.store.read(0, 1000):
        if isinstance(each.event, events.DocumentEvent):
            publication = publish(each)
            assert publication is not None
            told.append(to_message("programme", each, publication, 0))

    assert [message.headers["ce-type"].removeprefix("programme.") for message in told] == [
        "document-entered.v1",
        "reviewers-chosen.v1",
        "review-given.v1",
        "reviewer-stepped-back.v1",
        "reviewers-chosen.v1",
        "review-lapsed.v1",
    ]
    assert json.loads(told[-1].body)["data"]["cause"] == "closure"
    assert not any(text.encode() in message.body for message in told for text in (TITLE, FOUND))
