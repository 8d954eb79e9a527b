"""Contacts: whoever notifies people asks for an address just before it writes to it, and keeps none.

A request is a message on ``ask.registration.contact.v1`` with the header ``authorization: Bearer …``, the token of a
service, and the body ``{"person_id": …}`` or ``{"actor": …}`` with ``"why"``, a plain code. The reply is
``{"contact": {"given_name", "family_name", "email"}}``, with null for somebody who is unknown, erased or restricted,
alike, or ``{"error": "refused"}`` to everybody else. Each read is noted.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from interpares.common.auth import Unauthenticated
from interpares.common.cancelling import heed_cancellation

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from nats.aio.client import Client
    from nats.aio.msg import Msg

    from interpares.common.auth import Caller, Verifier
    from interpares.registration.application.ports import KnownPerson, People
    from interpares.registration.application.privacy.ports import Reads

SUBJECT = "ask.registration.contact.v1"
QUEUE = "registration"
CODE = re.compile("[a-z][a-z0-9-]{1,63}")
REFUSED: Mapping[str, Any] = {"error": "refused"}
MALFORMED: Mapping[str, Any] = {"error": "malformed"}


class Contacts:
    """Answers who is asked for."""

    def __init__(self, verifier: Verifier, service_subjects: frozenset[str], people: People, reads: Reads) -> None:
        self._verifier = verifier
        self._service_subjects = service_subjects
        self._people = people
        self._reads = reads

    async def run(self, client: Callable[[], Client]) -> None:
        """Answer until cancelled; replicas share the requests. Raises OSError while NATS is away."""
        subscription = await client().subscribe(SUBJECT, QUEUE)
        try:
            async for message in subscription.messages:
                heed_cancellation()
                await self.reply(message)
        finally:
            await subscription.unsubscribe()

    async def reply(self, message: Msg) -> None:
        """Answer one request."""
        if message.reply:
            answer = await self.answer(dict(message.headers or {}), message.data)
            await message.respond(json.dumps(answer, ensure_ascii=False).encode())

    async def answer(self, headers: Mapping[str, str], body: bytes) -> Mapping[str, Any]:
        """Return the answer to a request."""
        caller = await self._service(headers.get("authorization", ""))
        if caller is None:
            return REFUSED
        try:
            asked = json.loads(body)
            why = str(asked.get("why", "notification"))
            kind = "person_id" if "person_id" in asked else "actor"
            wanted = UUID(str(asked[kind]))
        except (ValueError, KeyError, AttributeError, TypeError, RecursionError):
            return MALFORMED
        if not CODE.fullmatch(why):
            return MALFORMED
        person = await (self._people.one(wanted) if kind == "person_id" else self._people.acting_as(wanted))
        if person is None or person.restricted:
            return {"contact": None}
        await self._reads.note(
            reader=caller.actor, person_id=person.person_id, why=why, route="contact", now=datetime.now(UTC)
        )
        return {"contact": _contact(person)}

    async def _service(self, authorization: str) -> Caller | None:
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer":
            return None
        try:
            caller = await self._verifier.verify(token.strip())
        except Unauthenticated:
            return None
        return caller if caller.subject in self._service_subjects else None


def _contact(person: KnownPerson) -> dict[str, str]:
    data = person.data
    return {"given_name": data.given_name, "family_name": data.family_name, "email": data.email}
