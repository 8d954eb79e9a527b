"""What stands before the siege begins: an office, one country's municipalities in a programme, its hosting duties."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

import yaml

from chaos.caller import Caller
from interpares.common.auth import actor_id
from interpares.console.demo import members, templates_folder
from interpares.console.story import gathering, hosting
from interpares.console.story.cast import Cast, cast
from interpares.console.story.multiply import TEMPLATE
from interpares.console.story.scene import Scene

if TYPE_CHECKING:
    import httpx2

    from chaos.history import History
    from interpares.console.client import Json
    from interpares.console.installation import Installation
    from interpares.console.narrator import Narrator

COUNTRY = "AT"


def troupe() -> Cast:
    """Return the cast of the demo, of one country only."""
    everybody = cast()
    return replace(everybody, towns=tuple(town for town in everybody.towns if town.country == COUNTRY))


def callers(installation: Installation, http: httpx2.AsyncClient, history: History, seed: int) -> dict[str, Caller]:
    """Return everybody who can log in, by name of their context."""
    subjects = {name: member.subject for name, member in members(troupe()).items()}
    return {
        name: Caller(
            context, http, actor_id(installation.issuer_url, subjects[name]), history, Random(f"{seed} {name}")
        )
        for name, context in installation.contexts.items()
    }


async def set_stage(clients: dict[str, Caller], narrator: Narrator) -> Scene:
    """Bring a programme to the point where its duties can be offered; the call stays open."""
    scene = Scene(troupe(), dict(clients), narrator)
    await gathering.open_office(scene)
    await gathering.draft(scene, templates_folder() / TEMPLATE, strands=scene.cast.countries)
    await gathering.call(scene)
    await gathering.register(scene)
    await gathering.apply(scene)
    await gathering.admit(scene)
    await scene.decide("/duties", "roles-settled", "All are admitted, so the template says who owes what.")
    return scene


def draft(scene: Scene) -> Json:
    """Return what a further programme of the office is drafted from."""
    return {
        "title": gathering.TITLE,
        "office_id": scene.office_id,
        "template": yaml.safe_load((templates_folder() / TEMPLATE).read_text(encoding="utf-8")),
        "strands": [COUNTRY],
        "reason_code": "trial",
        "reason": "One more of the kind.",
    }


async def duties(scene: Scene) -> list[tuple[str, str]]:
    """Return the duties of the country, each with an organisation that may host it."""
    return [
        (duty["duty"], scene.organisations[hosting.pool(scene, duty)[0].slug])
        for duty in await hosting.ledger(scene)
        if duty["duty"] != hosting.CONFERENCE
    ]
