"""Who plays in the stories: a programme office with an auditor, and organisations with their coordinators."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import yaml

ROLES = ("front-runner", "award-winner", "follower")


@dataclass(frozen=True)
class Person:
    """An invented person. subject: of the account they log in with; client: name of their context."""

    client: str
    subject: str
    given_name: str
    family_name: str
    email: str


@dataclass(frozen=True)
class Town:
    """An organisation with the role it takes, mostly a real municipality, and its invented coordinator.

    funding: what funds it, as registration wants to be told.
    """

    slug: str
    name: str
    country: str
    role: str
    keys: tuple[dict[str, str], ...]
    names: dict[str, str]
    languages: tuple[str, ...]
    coordinator: Person
    kind: str = "municipality"
    funding: tuple[dict[str, str | None], ...] = ()


@dataclass(frozen=True)
class Office:
    """The invented programme office."""

    names: dict[str, str]
    country: str
    clerk: Person
    auditor: Person


@dataclass(frozen=True)
class Cast:
    """All of them.

    title: of the story. towns: all organisations; declined: those of them whose application is; withdrawn: those that
    take theirs back.
    ``operator`` runs the platform and is nobody the services know by name.
    """

    title: str
    operator: str
    office: Office
    towns: tuple[Town, ...]
    declined: tuple[Town, ...] = ()
    withdrawn: tuple[Town, ...] = ()

    @property
    def subjects(self) -> dict[str, str]:
        """Subject by context name, for everybody who logs in."""
        people = (self.office.clerk, self.office.auditor, *(town.coordinator for town in self.towns))
        return {"operator": self.operator, **{person.client: person.subject for person in people}}

    @property
    def admitted(self) -> tuple[Town, ...]:
        """All but those that are declined or withdraw."""
        return tuple(town for town in self.towns if town not in (*self.declined, *self.withdrawn))

    def named(self, name: str) -> Town:
        """Return one of them by name."""
        return next(town for town in self.towns if town.name == name)

    def taking(self, role: str) -> tuple[Town, ...]:
        """Return those that take a role."""
        return tuple(town for town in self.towns if town.role == role)

    def of(self, country: str, role: str) -> tuple[Town, ...]:
        """Return the towns of a country that apply for a role."""
        return tuple(town for town in self.admitted if (town.country, town.role) == (country, role))

    @property
    def countries(self) -> tuple[str, ...]:
        """The countries, in order."""
        return tuple(dict.fromkeys(town.country for town in self.towns))


def cast(story: str = "multiply") -> Cast:
    """Return the cast of a story; the programme office is the same in all of them."""
    told = _read("multiply")
    office = told["office"]
    towns = (
        (
            _town(country, role, told["countries"][country], town)
            for country in told["countries"]
            for role in ROLES
            for town in told["countries"][country][role]
        )
        if story == "multiply"
        else map(_organisation, _read(story)["organisations"])
    )
    declined, withdrawn = (tuple(map(_organisation, _read(story).get(each, ()))) for each in ("declined", "withdrawn"))
    return Cast(
        title=_read(story)["title"],
        operator="demo-operator",
        office=Office(
            names=office["names"],
            country=office["country"],
            clerk=_person("office", "office", office["clerk"]),
            auditor=_person("auditor", "office", office["auditor"]),
        ),
        towns=(*towns, *declined, *withdrawn),
        declined=declined,
        withdrawn=withdrawn,
    )


def _read(story: str) -> dict[str, Any]:
    text = files(__package__).joinpath("casts", f"{story}.yaml").read_text(encoding="utf-8")
    told: dict[str, Any] = yaml.safe_load(text)
    return told


def _organisation(told: dict[str, Any]) -> Town:
    here = slug(told["name"])
    return Town(
        slug=here,
        name=told["name"],
        country=told["country"],
        role=told["role"],
        keys=tuple(told["keys"]),
        names={told["language"]: told["name"]},
        languages=(told["language"],),
        coordinator=_person(f"coordinator-{here}", here, told["coordinator"]),
        kind=told.get("kind", "municipality"),
        funding=tuple(told.get("funding", ())),
    )


def slug(name: str) -> str:
    """Return a name as it can stand in a file name: ``Kempten (Allgäu)`` becomes ``kempten-allgau``."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def _town(country: str, role: str, land: dict[str, Any], town: dict[str, Any]) -> Town:
    names: dict[str, str] = town.get("names", {land["language"]: town["name"]})
    here = slug(town["name"])
    return Town(
        slug=here,
        name=town["name"],
        country=country,
        role=role,
        keys=(
            {"scheme": land["scheme"], "value": town["key"]},
            {"scheme": "LAU", "value": f"{country}_{town['key']}"},
        ),
        names=names,
        languages=tuple(names),
        coordinator=_person(f"coordinator-{here}", here, town["coordinator"]),
    )


def _person(client: str, place: str, name: dict[str, str]) -> Person:
    address = f"{slug(name['given_name'])}.{slug(name['family_name'])}@{place}.example"
    return Person(client, f"demo-{client}", name["given_name"], name["family_name"], address)
