"""The predicates of the template language, tried on what is known of an organisation."""

from pydantic import TypeAdapter

from interpares.common.contracts.template import Facts, FundedBy, evaluate
from interpares.common.contracts.template.eligibility import OrganisationKind, Predicate
from interpares.programme.domain.eligibility import Found
from interpares.programme.domain.known import Circumstances

PREDICATE: TypeAdapter[Predicate] = TypeAdapter(Predicate)


def found_by(predicates: tuple[str, ...], circumstances: Circumstances) -> tuple[Found, ...]:
    """Return what each predicate finds: the port ``Evaluate``."""
    known = circumstances.organisation
    facts = Facts(
        kind=OrganisationKind(known.kind),
        country=known.country,
        population=known.population,
        members_population=circumstances.members_population,
        consortium=bool(circumstances.members_population),
        funding=tuple(map(FundedBy.model_validate, known.funding)),
        member_of=known.member_of,
        attended=circumstances.attended,
        hosted=circumstances.hosted,
        applied_on=circumstances.applied_on,
        deadline=circumstances.deadline,
    )
    tried = tuple(PREDICATE.validate_json(predicate) for predicate in predicates)
    return tuple(Found(each.index, each.predicate, each.outcome, each.found) for each in evaluate(tried, facts))
