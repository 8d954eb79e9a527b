"""How meetings come about and what they are: themes, audiences, formats, hosting rules, meetings without a duty."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from interpares.common.contracts.template.words import Key, Label, Part

Scope = Literal["strand", "programme"]


class Audience(Part):
    """Whom in an organisation a format speaks to."""

    label: Label


class Topic(Part):
    """One subject within a theme."""

    label: Label


class Theme(Part):
    """A field of exchange with its topics, linked to the themes it touches."""

    label: Label
    topics: dict[Key, Topic] = Field(default_factory=dict)
    links: tuple[Key, ...] = ()


class Method(Part):
    """A way of working: direct contact, workshop, excursion."""

    label: Label


class Format(Part):
    """A kind of meeting. Topics are those of its theme; no modes means that every mode is allowed."""

    label: Label
    audiences: tuple[Key, ...] = ()
    theme: Key | None = None
    topics: tuple[Key, ...] = ()
    methods: tuple[Key, ...] = ()
    modes: tuple[Literal["on-site", "online", "hybrid"], ...] = ()


class Split(Part):
    """So many duties of one format."""

    format: Key
    duties: int = Field(default=1, ge=1, le=100)


class OrganisedBy(Part):
    """The holders of a role organise, whoever hosts."""

    role: Key


class Invitees(Part):
    """Who is invited besides the host.

    roles: holders of these roles, all participants if empty. scope: of the duty's strand or of the whole programme.
    attended: of their staff only those who took part in a meeting of one of these formats; everybody if empty.
    """

    roles: tuple[Key, ...] = ()
    scope: Scope = "strand"
    attended: tuple[Key, ...] = ()


class HostingRule(Part):
    """Who owes which meetings to whom.

    quantifier: ``each`` holder of the role owes the whole split; ``one_of`` the holders takes each duty of the split;
    ``open`` to whoever offers.
    scope: the holders, and the split, are counted per strand or once in the programme.
    on_host_loss: what becomes of a duty whose host drops out: ``reassign`` opens it again, ``lapse`` ends it,
    ``decide`` leaves it to the office.
    counts_towards: a rule of quantifier ``each`` for the same role; whoever hosts under this rule owes one duty less
    under that one.
    """

    label: Label
    quantifier: Literal["each", "one_of", "open"]
    role: Key
    scope: Scope = "strand"
    formats: tuple[Split, ...] = Field(min_length=1)
    organiser: Literal["host", "office"] | OrganisedBy = "host"
    invitees: tuple[Invitees, ...] = (Invitees(),)
    on_host_loss: Literal["reassign", "lapse", "decide"]
    counts_towards: Key | None = None


class Meeting(Part):
    """A meeting nobody owes: it comes of a request, an offer, or as follow-up of another meeting."""

    label: Label
    opened_by: Literal["request", "offer", "follow-up"]
    formats: tuple[Key, ...] = Field(min_length=1)
    roles: tuple[Key, ...] = ()
    invitees: tuple[Invitees, ...] = ()


class Deadline(Part):
    """A day counted from a meeting: negative before it, positive after it."""

    label: Label
    formats: tuple[Key, ...] = ()
    counted_from: Literal["start", "end"] = "start"
    days: int = Field(ge=-3650, le=3650)
    owed_by: Literal["host", "organiser", "participants", "office"] | OrganisedBy


class DocumentKind(Part):
    """A kind of document whose versions peers review; owned by one organisation or by several together."""

    label: Label
    owners: Literal["one", "several"] = "one"
    owner_roles: tuple[Key, ...] = ()
    reviewer_roles: tuple[Key, ...] = ()
    reviewers_at_least: int = Field(default=1, ge=1)
