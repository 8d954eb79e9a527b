"""What registration tells becomes what the office sees and who may act; the same event twice changes nothing."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from interpares.common.auth import actor_id
from interpares.common.commands import UnitOfWork
from interpares.common.context import Occasion, acting
from interpares.common.contracts import registration as contracts
from interpares.common.envelope import Message, opened
from interpares.common.testing.edge import ISSUER
from interpares.common.writes import CommandRecord
from interpares.programme.main import SERVICE

if TYPE_CHECKING:
    from services.programme.tests.entrypoints.conftest import Office

    from interpares.common.contracts.contract import Contract
    from interpares.common.testing.serving import Served

TOWN, APPLICATION = UUID(int=11), UUID(int=12)
REGISTERED = contracts.OrganisationRegistered(
    organisation_id=TOWN,
    kind="municipality",
    country="AT",
    keys=(contracts.Key(scheme="GKZ", value="40705"),),
    names={"de": "Gmunden"},
    population=None,
    languages=("de",),
)


async def hear(served: Served, *told: Contract) -> None:
    """Give events of registration their effect, as the inbox does."""
    for position, contract in enumerate(told, 1):
        body = json.dumps(
            {
                "id": str(uuid4()),
                "type": contract.TYPE,
                "subject": f"thing/{TOWN}",
                "time": "2026-03-01T12:00:00+00:00",
                "data": contract.model_dump(mode="json"),
            }
        ).encode()
        digest = hashlib.sha256(body).hexdigest()
        event = opened(Message("evt.registration", {"digest": digest}, body, position=position, previous=position - 1))
        unit, command_id = UnitOfWork(served.parts.store), uuid4()
        with acting(Occasion(uuid4(), command_id, event.correlation_id, event.id, datetime.now(UTC))):
            await SERVICE.subscriptions["registration"][contract.TYPE](event, unit)
            await served.parts.appender.append(unit.as_append(CommandRecord(command_id, b"", {})))


def submitted(office: Office) -> contracts.ApplicationSubmitted:
    return contracts.ApplicationSubmitted(
        application_id=APPLICATION,
        programme_id=UUID(office.programme_id),
        organisation_id=TOWN,
        kind="municipality",
        country="AT",
        role="follower",
        strand="AT",
    )


async def test_an_application_comes_before_the_office_with_the_applicants_name(office: Office) -> None:
    await hear(office.served, REGISTERED, submitted(office), REGISTERED, submitted(office))

    shown = (await office.served.get("office", f"/programmes/{office.programme_id}/applications")).json()["items"]

    assert shown == [
        {
            "application_id": str(APPLICATION),
            "organisation_id": str(TOWN),
            "names": {"de": "Gmunden"},
            "keys": [{"scheme": "GKZ", "value": "40705"}],
            "kind": "municipality",
            "country": "AT",
            "role": "follower",
            "strand": "AT",
            "withdrawn": False,
            "submitted_at": "2026-03-01T12:00:00Z",
        }
    ]


async def test_an_application_that_was_taken_back_cannot_be_admitted(office: Office) -> None:
    withdrawn = contracts.ApplicationWithdrawn(
        application_id=APPLICATION, programme_id=UUID(office.programme_id), organisation_id=TOWN
    )
    await office.open_call()
    await hear(office.served, REGISTERED, submitted(office), withdrawn)
    body = {"application_id": str(APPLICATION), "role": "follower"}

    refused = await office.does(f"/programmes/{office.programme_id}/participations", body, 409)

    assert refused["code"] == "application-withdrawn"


async def test_a_membership_opens_the_door_and_its_end_closes_it(office: Office) -> None:
    served, membership = office.served, uuid4()
    actor = actor_id(ISSUER, "newcomer")
    held = {"membership_id": membership, "actor": actor, "organisation_id": office.office_id, "capacity": "office"}
    path = f"/programmes/{office.programme_id}"
    seen = []
    for told in ((), (contracts.MembershipGranted(**held),), (contracts.MembershipEnded(**held),)):
        await hear(served, *told)
        seen.append((await served.get("newcomer", path)).status_code)

    assert seen == [403, 200, 403]
