"""Routes: the decision log, and one decision explained whole."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query

from interpares.common.database import Database
from interpares.common.errors import NotFound
from interpares.common.http import After, AtLeastPosition, CurrentPrincipal, Limit, Page, Router, decode_cursor, page_of
from interpares.common.policy import Capacity, Principal
from interpares.common.views import view_at_least
from interpares.programme.entrypoints.http import schemas
from interpares.programme.entrypoints.http.access import Access, own
from interpares.programme.projections.decision_log import VIEW, DecisionLog
from interpares.programme.projections.heard import HeardOrganisations
from interpares.programme.projections.programmes import Programmes

Code = Annotated[str | None, Query(pattern="^[a-z][a-z0-9-]{1,63}$")]
Subject = Annotated[str | None, Query(max_length=200, pattern=r"^[a-z]+:[\w.:-]+$", description="kind:id")]
# Fields of the stored record that are answered as they are.
PLAIN = ("type", "subject", "outcome", "capacity", "authority", "interest", "decided_at", "effective_at", "reason_code")
MORE = ("criteria", "evidence", "source", "file_reference", "follows", "corrects", "supersedes", "revokes")


def decision_routes(database: Database, access: Access) -> APIRouter:
    """Return the routes."""
    router: APIRouter = Router(tags=["decisions"])
    log, programmes, organisations = DecisionLog(database), Programmes(database), HeardOrganisations(database)

    @router.get("/programmes/{programme_id}/decisions")
    async def list_decisions(  # noqa: PLR0917 -- path, caller, filters, page
        programme_id: UUID,
        principal: CurrentPrincipal,
        type: Code = None,  # noqa: A002 -- the name of the filter
        subject: Subject = None,
        organisation: UUID | None = None,
        after: After = None,
        limit: Limit = 50,
        at_least: AtLeastPosition = None,
    ) -> Page[schemas.Logged]:
        """List decisions in the order they were recorded."""
        await access.reader(principal, programme_id)
        await view_at_least(database, VIEW, at_least)
        (last,) = decode_cursor(after, int) if after else (0,)
        rows = await log.page(
            programme_id, last, limit + 1, decision_type=type, subject=subject, organisation=organisation
        )
        return page_of([schemas.Logged.model_validate(row) for row in rows], limit, lambda each: (each.position,))

    @router.get("/programmes/{programme_id}/decisions/{decision_id}")
    async def explain(
        programme_id: UUID, decision_id: UUID, principal: CurrentPrincipal, at_least: AtLeastPosition = None
    ) -> schemas.Explanation:
        """Explain one decision whole; the typed reason only to the office, auditors and whom the decision concerns."""
        await access.reader(principal, programme_id)
        await view_at_least(database, VIEW, at_least)
        row = await log.get(programme_id, decision_id)
        programme = await programmes.get(programme_id)
        if row is None or programme is None:
            message = "There is no such decision in this programme."
            raise NotFound(message)
        record = row["record"]
        others = [UUID(each["organisation"]) for each in record["alternatives"] if each["organisation"]]
        own_side = [UUID(record["organisation"])] if record["organisation"] else []
        names = await organisations.named([*row["concerns"], *others, *own_side])

        def named(organisation_id: UUID | str | None) -> schemas.Concerned | None:
            if organisation_id is None:
                return None
            known = names.get(UUID(str(organisation_id)), {"names": {}, "keys": []})
            return schemas.Concerned(
                organisation_id=UUID(str(organisation_id)), names=known["names"], keys=known["keys"]
            )

        return schemas.Explanation.model_validate(
            {name: record[name] for name in (*PLAIN, *MORE)}
            | {
                "decision_id": decision_id,
                "position": row["position"],
                "programme_id": programme_id,
                "programme_title": programme["title"],
                "actor": row["actor"],
                "organisation": named(record["organisation"]),
                "recorded_at": row["recorded_at"],
                "reason": row["reason"] if _may_read(principal, programme["office_id"], row["concerns"]) else None,
                "reason_hash": record["reason"],
                "rule": _rule(record["rule"], programme["template"]),
                "alternatives": [
                    each | {"organisation": named(each["organisation"])} for each in record["alternatives"]
                ],
                "concerns": [named(each) for each in row["concerns"]],
                "consequences": await log.consequences(decision_id),
            }
        )

    return router


def _may_read(principal: Principal, office: UUID, concerned: list[UUID]) -> bool:
    if principal.has(Capacity.AUDITOR) or principal.of(office, Capacity.OFFICE):
        return True
    return not set(own(principal)).isdisjoint(concerned)


def _rule(rule: dict[str, Any] | None, template: dict[str, Any]) -> dict[str, Any] | None:
    """Return the rule with its wording: the part of the template its id leads to, the whole for ``template``."""
    if rule is None:
        return None
    part: Any = template
    for key in rule["id"].split(".") if rule["id"] != "template" else ():
        part = part[key]
    return rule | {"text": part}
