"""What can stand against a decision of a programme, in its own words.

::

    Conflict   the state of the programme does not allow it
    Invalid    what was asked for cannot be right
    NotFound   the programme does not have it
    Forbidden  another would have to decide it
"""

from __future__ import annotations

from interpares.common.errors import Conflict, Forbidden, Invalid, NotFound


class GroundsIncomplete(Invalid):
    """A decision needs its why: a reason with a code, made by then, and from where it was entered."""

    code = "grounds-incomplete"
    way_out = "Give a reason and a reason code such as 'best-concept'."

    def __init__(self, *, field: str) -> None:
        """Name the part that is missing or cannot be right."""
        super().__init__(f"The grounds of the decision are incomplete: {field}.", field=field)


class StrandsNotFitting(Invalid):
    """The strands of a programme must fit its template.

    They are named where strands go by country or cluster, and left out where there is one or pairs make them.
    """

    code = "strands-not-fitting"
    way_out = (
        "Name each country by its two letters, or each cluster by its key, once, all of them among those the template"
        " lists, if it lists any."
    )


class UnknownRole(Invalid):
    """The template of this programme has no such role."""

    code = "unknown-role"
    way_out = "Choose one of the roles of the programme's template."


class RoleNotAppliedFor(Invalid):
    """An application is admitted in the role it was made for."""

    code = "role-not-applied-for"
    way_out = "Admit the organisation in the role it applied for; end or grant roles afterwards."


class UnknownStrand(Invalid):
    """The organisation belongs to no strand of this programme."""

    code = "unknown-strand"
    way_out = "Only organisations of the programme's countries can be admitted; where strands are clusters, name one."


class MomentNotFitting(Invalid):
    """A deadline or a day to answer by lies in the past, or its time zone is unknown."""

    code = "moment-not-fitting"
    way_out = "Give a moment in the future, in a time zone such as Europe/Brussels."


class NobodyAsked(Invalid):
    """An offer goes to at least one organisation."""

    code = "nobody-asked"
    way_out = "Name at least one eligible organisation."


class CallAlreadyOpen(Conflict):
    """The call of this programme is open."""

    code = "call-already-open"
    way_out = "Close the call before opening another."


class CallNotOpen(Conflict):
    """The call of this programme is not open."""

    code = "call-not-open"


class ProgrammeNotRunning(Conflict):
    """The programme has not begun, is not yet far enough, or is closed."""

    code = "programme-not-running"


class LifecycleNotFitting(Conflict):
    """A programme of this lifecycle does not take this step: one has a call, another a grant, a third stands open."""

    code = "lifecycle-not-fitting"
    way_out = "The lifecycle in the programme's template tells its steps."


class StepOutOfOrder(Conflict):
    """The step follows another that has not been taken, or was taken before."""

    code = "step-out-of-order"


class ProgrammeClosed(Conflict):
    """The programme is over: only its money, its outputs and their checks, and corrections go on."""

    code = "programme-closed"


class ApplicationAlreadyDecided(Conflict):
    """This application was admitted or declined before."""

    code = "application-already-decided"
    way_out = "Correct the earlier decision by a further one: grant or end a role, or withdraw the participation."


class ApplicationGone(Conflict):
    """This application was withdrawn by its applicant."""

    code = "application-withdrawn"


class AlreadyParticipates(Conflict):
    """The organisation takes part already; it can do so only once."""

    code = "already-participates"
    way_out = "Grant the organisation a further role instead."


class RoleAlreadyHeld(Conflict):
    """The organisation holds this role already."""

    code = "role-already-held"


class RoleExclusive(Conflict):
    """One of the roles is exclusive: whoever holds it can hold no other."""

    code = "role-exclusive"
    way_out = "End the other role first."


class RoleNotDeclared(Forbidden):
    """This role is not obtained by declaring it: the programme office grants it."""

    code = "role-not-declared"
    way_out = "Ask the programme office."


class RoleNotHeld(Conflict):
    """The organisation does not hold this role."""

    code = "role-not-held"


class NothingToDerive(Conflict):
    """Every duty that follows from the rules is in the ledger."""

    code = "nothing-to-derive"


class HostingDutyTaken(Conflict):
    """Another acceptance came first: this duty has its host."""

    code = "hosting-duty-taken"
    way_out = "Look for another open duty in the ledger."


class DutyNotOffered(Conflict):
    """The duty is not offered to this organisation, or no longer."""

    code = "duty-not-offered"
    way_out = "Ask the programme office to offer it."


class DutyAlreadyOffered(Conflict):
    """The duty is offered to this organisation and waits for its answer."""

    code = "duty-already-offered"


class NotEligibleToHost(Conflict):
    """The organisation cannot be the host: another owes this duty, or it does not hold the role in that strand."""

    code = "not-eligible-to-host"
    way_out = "Offer the duty to whoever owes it, or to holders of the role its rule names."


class DutyNotOpen(Conflict):
    """The duty is neither open nor offered."""

    code = "duty-not-open"
    way_out = "Reopen the duty first."


class DutyWithoutHost(Conflict):
    """Nobody hosts or owes this duty, so nobody can be released from it."""

    code = "duty-without-host"


class DutyNotReleased(Conflict):
    """Only a duty that was released or lapsed can be reopened."""

    code = "duty-not-released"


class DutyNotLapsable(Conflict):
    """A duty that has a host, was held or has lapsed cannot lapse."""

    code = "duty-not-lapsable"
    way_out = "Release the host first."


class UnknownDuty(NotFound):
    """The ledger of this programme has no such duty."""

    code = "unknown-duty"


class UnknownApplication(NotFound):
    """This programme has no such application."""

    code = "unknown-application"


class NotParticipating(NotFound):
    """The organisation does not take part in this programme, or no longer."""

    code = "not-participating"


class NotEligible(Conflict):
    """What the template asks of whoever has this role does not hold, or nobody knows whether it does."""

    code = "not-eligible"


class RoleNeedsApplication(Conflict):
    """In a programme with a call, this role is obtained by applying for it."""

    code = "role-needs-application"
    way_out = "Admit the organisation on its application; only awards and contracts need none."


class ContractMissing(Invalid):
    """The role is obtained by contract, and the contract is not named."""

    code = "contract-missing"
    way_out = "Give the SHA-256 of the contract in hexadecimal; leave it out for roles obtained otherwise."


class ThemesNotFitting(Invalid):
    """The themes do not fit the role: it is held for some themes of the template, or it is not."""

    code = "themes-not-fitting"
    way_out = "Name at least one theme of the template for a role held per theme, and none for any other."


class HeldNotFitting(Invalid):
    """The time in the role has no day, is over, or goes beyond what the template allows."""

    code = "held-not-fitting"
    way_out = "Give a first and a last day within those of the role in the template."


class ConsortiumNotFitting(Invalid):
    """The members do not make a consortium as the template has it."""

    code = "consortium-not-fitting"
    way_out = "Let as many different organisations take part together as the template allows, under a lead."


class MemberElsewhere(Conflict):
    """An organisation takes part in a programme once: on its own, or with one consortium."""

    code = "member-elsewhere"


class UnknownOrganisation(NotFound):
    """Registration has not told of this organisation, or not yet."""

    code = "unknown-organisation"


class ManualRuleNotFitting(Invalid):
    """The template has no such rule for people to apply by hand, or it is not one for a decision like this."""

    code = "manual-rule-not-fitting"
    way_out = "Name a key of the template's section manual whose applies_to fits, or none."


class ManualRuleNotNamed(Invalid):
    """People apply a rule to decisions like this, and the decision does not say that they did."""

    code = "manual-rule-not-named"

    def __init__(self, keys: list[str], called: str, *, field: str) -> None:
        """Say which rules are meant. keys: as they are named; called: with what the template calls them."""
        message = f"A decision like this falls under what the template has people apply by hand: {called}."
        names = ", ".join(f'"{key}"' for key in keys)
        way_out = f"Apply it, name it in manual_rules ([{names}]), and say in the reason how it was applied."
        super().__init__(message, way_out, field=field)
