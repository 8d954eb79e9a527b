"""Who is who in the story: towns come from a spreadsheet, somebody leaves and is erased, and what was decided stays."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from interpares.console.client import Json
from interpares.console.failures import Problem
from interpares.console.leftovers import in_services, in_streams, words_of
from interpares.console.operating import ServiceName, streams_of
from interpares.console.story import gathering
from interpares.console.story.cast import Person, Town
from interpares.console.story.scene import Scene, expect, heard

# The office has a table of the towns of these countries; those of the others it registers as they call.
TABULATED = ("DE", "ES", "IT")
CSV = "text/csv"
LEAVES = "Mechelen"
SUCCESSOR = Person("", "demo-successor-mechelen", "Maarten", "Buurtwissel", "maarten.buurtwissel@mechelen.example")
NO_LONGER = frozenset({403, 404})


async def import_towns(scene: Scene) -> None:
    """The office imports a table. A spreadsheet has eaten the zero in front of one key; the preview says so."""
    towns = [town for town in scene.cast.towns if town.country in TABULATED and town.slug not in scene.organisations]
    if not towns:  # an earlier story imported them
        return
    with scene.narrator.step("Importing organisations from a table", len(towns)) as step:
        broken = next(number for number, town in enumerate(towns) if town.keys[0]["value"].startswith("0"))
        _, (row,) = await _preview(scene, _table(towns, without_zero=broken), "faulty")
        (fault,) = row["faults"]
        expect(fault["column"] == f"key:{towns[broken].keys[0]['scheme']}", "The fault is not told of its column.")
        where = f"line {row['line']}, {fault['column']}: {fault['message']} {fault['way_out']}"
        # Nothing was registered so far, so the table is corrected and sent again.
        document, ready = await _preview(scene, _table(towns), "ready")
        expect(len(ready) == len(towns), f"{len(ready)} of {len(towns)} rows are ready.")
        why = {"reason_code": "from-our-table", "reason": "The table the ministries confirmed in September."}
        await scene.office.post("registration", f"{document}/confirmation", why)

        async def finished() -> bool:
            return bool((await scene.office.get("registration", document))["status"] == "finished")

        await heard("The end of the import", finished)
        by_key = {_key(row["facts"]["keys"]): row["organisation_id"] for row in ready}
        scene.organisations |= {town.slug: by_key[_key(town.keys)] for town in towns}
        await scene.each(towns, lambda town: gathering.name_coordinator(scene, town), step)
        step.says(f"{len(towns)} municipalities imported from a table, after one row was corrected ({where})")


async def erase(scene: Scene) -> None:
    """A coordinator leaves, hands over and asks to be erased; nothing of her is left, her decisions explain still."""
    town = scene.cast.named(LEAVES)
    leaving = scene.coordinator(town)
    me = await leaving.get("registration", "/me")
    person, actor = me["person_id"], me["actor"]
    with scene.narrator.step("Somebody leaves and hands over") as step:
        successor = await gathering.register_person(scene.office, SUCCESSOR)
        handover = {"leaving": person, "successor": successor, "reason_code": "new-post", "about": [person]}
        handover["reason"] = f"{town.coordinator.given_name} goes to another authority in January."
        await scene.office.post("registration", f"/organisations/{scene.of(town)}/handovers", handover)
        step.says(f"The coordinator of {town.name} leaves and hands over; the town keeps its history")
    with scene.narrator.step("Erasing a person who asked for it") as step:
        words = words_of(await leaving.get("registration", f"/people/{person}/export"))
        expect(len(words) > 1, "The export says next to nothing.")
        letters = await _letters(scene, actor)
        expect(letters, "She had decided nothing.")
        wish = {"reason_code": "left", "reason": "I have left and would like to be forgotten."}
        request = (await leaving.post("registration", f"/people/{person}/erasure-requests", wish))["id"]
        why = {"outcome": "erased", "reason_code": "no-ground-to-keep", "reason": "No claim and no law needs the data."}
        await scene.office.post("registration", f"/erasure-requests/{request}/decision", why)

        async def confirmed() -> bool:
            shown = await scene.office.get("registration", f"/erasure-requests/{request}")
            return set(shown["confirmed_by"]) == set(ServiceName) - {"registration"}

        await heard("That the other service has forgotten her", confirmed)
        operator = scene.clients["operator"]
        left = await in_services(operator, person, actor, words)
        left += await in_streams(streams_of(operator.context), ServiceName, words)
        expect(not left, f"Of somebody erased something is left: {left}.")
        expect(await _letters(scene, actor) == letters, "A letter about what she decided says something else now.")
        expect(await _shut_out(scene, town), "Somebody erased may still read the programme.")
        step.says(
            f"One person erased as she asked: {len(words)} texts and addresses looked for in every table and stream,"
            f" none left; the {len(letters)} letters about what she decided say what they said"
        )


async def _preview(scene: Scene, table: bytes, state: str) -> tuple[str, list[Json]]:
    """Upload a table; return the address of its import, and its rows in a state."""
    uploaded = await scene.office.upload("registration", "/organisation-imports", table, CSV)
    here = f"/organisation-imports/{uploaded['id']}"
    return here, [row async for row in scene.office.items("registration", f"{here}/rows", state=state, limit=200)]


def _table(towns: Sequence[Town], without_zero: int | None = None) -> bytes:
    """Return the table. without_zero: index of the town whose key was taken for a number."""
    schemes = dict.fromkeys(f"key:{key['scheme']}" for town in towns for key in town.keys)
    languages = sorted({f"name:{language}" for town in towns for language in town.names})
    written = io.StringIO(newline="")
    table = csv.DictWriter(written, ["kind", "country", *schemes, *languages, "languages"], restval="")
    table.writeheader()
    for number, town in enumerate(towns):
        keys = {f"key:{key['scheme']}": key["value"] for key in town.keys}
        if number == without_zero:
            own = f"key:{town.keys[0]['scheme']}"
            keys[own] = keys[own].lstrip("0")
        names = {f"name:{language}": name for language, name in town.names.items()}
        table.writerow(
            {"kind": town.kind, "country": town.country, "languages": " ".join(town.languages), **keys, **names}
        )
    return written.getvalue().encode()


def _key(keys: Iterable[Json]) -> tuple[str, str]:
    """Return the LAU code, which every town here has."""
    return next((key["scheme"], key["value"]) for key in keys if key["scheme"] == "LAU")


async def _letters(scene: Scene, actor: str) -> dict[str, str]:
    """Return the letters about decisions somebody took, by decision; each says why."""
    log = scene.office.items("programme", f"{scene.path}/decisions", at_least=scene.position, actor=actor)
    letters = {}
    for decision in [each["id"] async for each in log]:
        path = f"{scene.path}/decisions/{decision}/letter"
        letters[decision] = (await scene.office.file("programme", path, language="de", format="text")).decode()
        expect("Begründung" in letters[decision], f"The letter about {decision} does not say why.")
    return letters


async def _shut_out(scene: Scene, town: Town) -> bool:
    try:
        await scene.coordinator(town).get("programme", scene.path)
    except Problem as problem:
        return problem.status in NO_LONGER
    return False
