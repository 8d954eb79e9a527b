"""A template as a whole, its JSON Schema, and the document that is stored with a programme."""

from __future__ import annotations

from typing import Any, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from interpares.common.contracts.template.course import Funding, Goal, ManualRule, Phase, Term
from interpares.common.contracts.template.meetings import (
    Audience,
    Deadline,
    DocumentKind,
    Format,
    HostingRule,
    Meeting,
    Method,
    Theme,
)
from interpares.common.contracts.template.participation import (
    Accompaniment,
    Consortia,
    Pair,
    Prerequisite,
    Role,
    Selection,
    Strands,
)
from interpares.common.contracts.template.questions import ApplicationForm
from interpares.common.contracts.template.references import refuse_dangling
from interpares.common.contracts.template.words import Key, Label, Part

SCHEMA_ID = "https://interpares.example/schemas/programme-template.schema.json"


class Template(Part):
    """A programme written down as data.

    Keys of mappings are the names by which rules refer to each other; they hold within the template and never change
    for the reader's sake: what readers see are the labels.
    """

    model_config = ConfigDict(title="Programme template")

    vocabulary: Literal[1] = Field(default=1, description="version of the template language")
    id: Key
    version: int = Field(ge=1, description="rises with every change of the template")
    title: Label
    summary: Label | None = None
    lifecycle: Literal["call", "constituted", "standing"]
    term: Term | None = None
    phases: tuple[Phase, ...] = ()
    strands: Strands
    roles: dict[Key, Role] = Field(min_length=1)
    audiences: dict[Key, Audience] = Field(default_factory=dict)
    themes: dict[Key, Theme] = Field(default_factory=dict)
    methods: dict[Key, Method] = Field(default_factory=dict)
    formats: dict[Key, Format] = Field(default_factory=dict)
    hosting: dict[Key, HostingRule] = Field(default_factory=dict)
    meetings: dict[Key, Meeting] = Field(default_factory=dict)
    deadlines: dict[Key, Deadline] = Field(default_factory=dict)
    documents: dict[Key, DocumentKind] = Field(default_factory=dict)
    pairs: dict[Key, Pair] = Field(default_factory=dict)
    consortia: Consortia | None = None
    application: ApplicationForm | None = None
    selection: dict[Key, Selection] = Field(default_factory=dict)
    prerequisites: dict[Key, Prerequisite] = Field(default_factory=dict)
    accompaniment: dict[Key, Accompaniment] = Field(default_factory=dict)
    goals: dict[Key, Goal] = Field(default_factory=dict)
    funding: Funding | None = None
    manual: dict[Key, ManualRule] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _refers_to_what_exists(self) -> Self:
        refuse_dangling(self)
        return self

    def as_document(self) -> dict[str, Any]:
        """Return the template as JSON values with every default spelled out: what a programme stores and hashes."""
        return self.model_dump(mode="json", exclude_none=True)


def template_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a template. References between its parts are beyond a schema."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        **Template.model_json_schema(),
    }
