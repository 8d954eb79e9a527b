"""Somebody is erased in a running installation: after it nobody finds them anywhere, and everything still explains."""

from __future__ import annotations

import asyncio
import json
import secrets
import subprocess
import sys
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from tests.integration.evidence import drained
from tests.integration.receiver import traceparent
from tests.integration.stage import SUBJECT, WHY
from tests.integration.test_canaries import Aviary, everything, sightings

from interpares.common.testing.counting import until

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.receiver import Receiver
    from tests.integration.stage import Stage

    from interpares.console.story.scene import Scene

pytestmark = [pytest.mark.integration, pytest.mark.asyncio(loop_scope="session")]


async def planted(stage: Stage, scene: Scene, aviary: Aviary) -> dict[str, Any]:
    """Register somebody, and let others write about them in both services; return the person."""
    town, office = scene.cast.towns[0], stage.clients["office"]
    organisation = scene.organisations[town.slug]
    account = SUBJECT.format("erased")
    aviary.kept.add(account)
    name = aviary.bird()
    person = await stage.clients["operator"].post(
        "registration",
        "/people",
        {
            "given_name": name,
            "family_name": aviary.bird(),
            "email": f"{aviary.bird()}@example.org",
            "subject": account,
        },
    )

    def why() -> dict[str, Any]:
        return {"reason_code": "canary", "reason": f"{name} says {aviary.bird()}.", "about": [person["id"]]}

    member = {"person_id": person["id"], "organisation_id": organisation, "capacity": "coordinator"}
    await office.post("registration", "/memberships", member | why())
    joined = f"/people/{person['id']}/erasure-requests"
    wish = {"reason": f"Forget {aviary.bird()}."}
    request = await stage.post("erased", "registration", joined, wish)
    assert request.status_code == 201, request.text
    file = await stage.http.post(
        f"{stage.installation.services['registration'].url}/api/v1/organisations/{organisation}/files",
        params={"name": f"{aviary.bird()}.txt", "about": person["id"]},
        content=aviary.bird().encode(),
        headers=await stage.bearer("office") | {"Content-Type": "text/plain"},
    )
    assert file.status_code == 201, file.text
    # Whoever is erased has acted: the decision stays, with the texts of others about them gone.
    duty = f"{scene.path}/duties/{town.country}.front-runner-meetings.1"
    offered = await office.post("programme", f"{duty}/offer", why() | {"to": [organisation]})
    return person | {"request": request.json()["id"], "decision": offered["decision"]["id"]}


async def export_of(stage: Stage, person: dict[str, Any]) -> str:
    answer = await stage.send("erased", "GET", "registration", f"/people/{person['id']}/export")
    assert answer.status_code == 200, answer.text
    return answer.text


async def test_whoever_is_erased_is_nowhere_and_decisions_still_explain_themselves(
    stage: Stage, receiver: Receiver
) -> None:
    scene = await stage.exchange("BE")
    aviary = Aviary()
    person = await planted(stage, scene, aviary)
    # What is in a file can't be in the export; what others wrote in the programme service is.
    exported = await export_of(stage, person)
    assert sum(bird in exported for bird in aviary.kept) >= len(aviary.kept) - 2

    decided = await stage.post(
        "operator",
        "registration",
        f"/erasure-requests/{person['request']}/decision",
        {"outcome": "erased", "reason_code": "as-asked", "reason": f"About {aviary.bird()}."},
    )
    assert decided.status_code == 200, decided.text

    async def confirmed() -> bool:
        shown = await stage.send("operator", "GET", "registration", f"/erasure-requests/{person['request']}")
        return set(shown.json().get("confirmed_by", ())) == {"programme"}

    await until(confirmed, "the programme service has erased its texts and said so")
    for service, path in {"programme": f"{scene.path}/call/closure", "registration": "/me"}.items():
        trace_id = secrets.token_hex(16)
        if service == "programme":
            assert (
                await stage.post("office", service, path, WHY, traceparent=traceparent(trace_id))
            ).status_code == 200
            await receiver.trace(trace_id, 4)
        await until(partial(drained, stage.installation, service), f"{service} has told all")

    found = await everything(stage, receiver)
    contents = [each for each in stage.installation.folder.rglob("*") if each.is_file() and "contents" in each.parts]
    found["files"] = await asyncio.to_thread(lambda: [each.read_bytes() for each in contents])
    assert set(sightings(found, aviary.kept)) == set()
    assert all(any(found[where]) for where in ("table programme.stored_events", "stream of registration", "spans"))
    letter = await stage.send("operator", "GET", "registration", f"/erasure-requests/{person['request']}/letter")
    assert "gelöscht" in letter.text
    explained = await stage.send("office", "GET", "programme", f"{scene.path}/decisions/{person['decision']}")
    assert (explained.status_code, explained.json()["reason"]) == (200, None)
    assert (await stage.send("erased", "GET", "programme", scene.path)).status_code in {403, 404}


async def interpares(stage: Stage, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the console as the operator of the installation."""
    run = folder / ".interpares" / "stage"
    if not run.exists():
        run.parent.mkdir()
        run.symlink_to(stage.installation.folder)
    command = [sys.executable, "-m", "interpares.console", "--context", "operator", "privacy", *arguments]
    return await asyncio.to_thread(
        subprocess.run, command, cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )


async def test_the_console_exports_erases_and_verifies(stage: Stage, tmp_path: Path) -> None:
    mark = secrets.token_hex(8)
    person = await stage.clients["operator"].post(
        "registration",
        "/people",
        {
            "given_name": f"kanari{mark}",
            "family_name": "Muster",
            "email": f"{mark}@example.org",
            "subject": SUBJECT.format(f"console-{mark}"),
        },
    )

    exported = await interpares(stage, tmp_path, "export", person["id"])
    printed = await interpares(stage, tmp_path, "export", person["id"], "-o", str(tmp_path / "export.pdf"))
    words = tmp_path / "words.txt"
    words.write_text(f"kanari{mark}\n{mark}@example.org\n", encoding="utf-8")
    looking = (person["id"], "--actor", person["actor"], "--words", str(words))
    before = await interpares(stage, tmp_path, "verify", *looking)
    erased = await interpares(stage, tmp_path, "erase", person["id"], "--reason", "As she asked.", "--yes", "--json")
    after = await interpares(stage, tmp_path, "verify", *looking, "--logs", str(stage.installation.logs))
    ledger = await interpares(stage, tmp_path, "ledger")
    kept = tmp_path / "ledger.jsonl"
    kept.write_text(ledger.stdout, encoding="utf-8")
    replayed = await interpares(stage, tmp_path, "replay", str(kept), "--json")

    assert f"kanari{mark}" in exported.stdout, exported.stderr
    assert (printed.returncode, (tmp_path / "export.pdf").read_bytes()[:5]) == (0, b"%PDF-")
    assert before.returncode != 0
    assert "people.email" in before.stdout
    assert erased.returncode == 0, erased.stderr
    told = json.loads(erased.stdout)
    assert (told["left"], told["confirmed_by"]) == ([], ["programme"])
    assert (after.returncode, after.stdout.strip()) == (0, "Nothing is left."), after.stderr
    assert person["id"] in ledger.stdout
    assert json.loads(replayed.stdout)["erased"] == []
    with_word = tmp_path / "notes.txt"
    with_word.write_text(f"Call KANARI{mark} back.", encoding="utf-8")
    found = await interpares(stage, tmp_path, "verify", *looking, "--files", str(with_word))
    assert found.returncode != 0
    assert str(with_word) in found.stdout
