"""What can stand against a pair."""

from __future__ import annotations

from interpares.common.errors import Conflict, Invalid, NotFound


class UnknownPairRule(Invalid):
    """The template of this programme knows no such pairs."""

    code = "unknown-pair-rule"
    way_out = "Name one of the pairs of the programme's template."


class PairNotFitting(Conflict):
    """The two cannot be a pair: they are one organisation, are one already, or lack the roles that come together."""

    code = "pair-not-fitting"
    way_out = "Propose two participants that hold the roles the template brings together."


class UnknownPair(NotFound):
    """This programme has no such pair."""

    code = "unknown-pair"


class PairNotOpen(Conflict):
    """The pair is not waiting for this answer."""

    code = "pair-not-open"
