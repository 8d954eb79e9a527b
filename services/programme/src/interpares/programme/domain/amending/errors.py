"""What can stand against an amendment."""

from __future__ import annotations

from interpares.common.errors import Conflict, Invalid


class AmendmentNotFitting(Invalid):
    """The template cannot take the place of the one in force: the programme stands on what it takes away."""

    code = "amendment-not-fitting"
    way_out = "Keep what the programme stands on; leave a rule in the template that nobody is to apply any more."


class NothingAmended(Conflict):
    """The template has the rules that are in force."""

    code = "nothing-amended"
