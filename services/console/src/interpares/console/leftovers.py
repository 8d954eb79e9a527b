"""Looking for what is left of somebody: in every service, on the streams, in logs, in files. No word is printed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from nats.js.errors import NotFoundError

from interpares.console.client import Client, Json
from interpares.console.operating import ServiceName
from interpares.console.subscription import connected

# Of the row about a person: what nobody else has. A name may be another person's as well.
TELLING = ("email", "subject")
SHORTEST = 3
WORDS_AT_ONCE = 100


def words_of(export: Json) -> list[str]:
    """Return the words of an export that must be nowhere once the person is erased; official texts of theirs stay."""
    told = [row.get(name) for row in export["data"].get("people", ()) for name in TELLING]
    typed = [
        text["text"]
        for texts in export["texts"].values()
        for text in texts
        if not (text["written"] and text["official"])
    ]
    return sorted({word for word in (*told, *typed) if isinstance(word, str) and len(word) >= SHORTEST})


async def in_services(client: Client, person: str, actor: str, words: list[str]) -> list[Json]:
    """Return in which tables of which service a word lies, or a text of or about the person."""
    left: list[Json] = []
    for service in ServiceName:
        for start in range(0, max(1, len(words)), WORDS_AT_ONCE):
            body = {"person_id": person, "actor": actor, "words": words[start : start + WORDS_AT_ONCE]}
            found = await client.post(service, "/privacy/verification", body)
            left += [{"where": f"{service.value}: {each['place']}", "found": each["rows"]} for each in found["left"]]
    return left


async def in_streams(url: str, services: Iterable[str], words: list[str]) -> list[Json]:
    """Return on which streams a word lies. url: of NATS, with credentials."""
    found: list[Json] = []
    async with connected(url) as connection:
        jetstream = connection.jetstream(timeout=5.0)
        for service in services:
            name = f"EVT_{service.upper()}"
            try:
                state = (await jetstream.stream_info(name)).state
            except NotFoundError:
                continue
            hits = 0
            for number in range(state.first_seq, state.last_seq + 1) if state.messages else ():
                message = await jetstream.get_msg(name, seq=number)
                whole = b"\n".join(
                    [message.data or b"", repr(message.headers).encode(), (message.subject or "").encode()]
                )
                hits += holds(whole, words)
            if hits:
                found.append({"where": f"stream {name}", "found": hits})
    return found


def in_files(places: Iterable[Path], words: list[str]) -> list[Json]:
    """Return in which files, below the folders given, a word lies."""
    files = [file for place in places for file in ([place] if place.is_file() else sorted(place.rglob("*")))]
    return [
        {"where": str(file), "found": 1}
        for file in files
        if file.is_file() and words and holds(file.read_bytes(), words)
    ]


def holds(content: bytes, words: Iterable[str]) -> bool:
    """Tell whether bytes hold one of the words, in whatever case and however JSON writes it."""
    plain = content.decode("utf-8", errors="replace").casefold()
    return any(form in plain for word in words for form in _forms(word))


def _forms(word: str) -> Iterator[str]:
    yield word.casefold()
    escaped: Any = json.dumps(word)[1:-1]
    yield str(escaped).casefold()
