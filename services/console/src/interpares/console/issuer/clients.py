"""Who gets tokens from the development issuer: a file of clients, each with a subject and the hash of its secret."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from pathlib import Path

from interpares.console.contexts import write_private

SECRET_BYTES = 24


class Clients:
    """The clients of one run by id. Secrets are random and long, so a plain hash of them tells nothing."""

    def __init__(self, known: Mapping[str, Mapping[str, str]]) -> None:
        """``known``: client id to ``{"subject", "secret_sha256"}``."""
        self._known = known

    @classmethod
    def read(cls, path: Path) -> Clients:
        """Read the file that ``enrol`` wrote."""
        return cls(json.loads(path.read_text(encoding="utf-8")))

    def subject(self, client_id: str, secret: str) -> str | None:
        """Return whom the client gets tokens for, None unless the secret is right."""
        client = self._known.get(client_id, {"subject": "", "secret_sha256": ""})
        right = hmac.compare_digest(_hash(secret), client["secret_sha256"])
        return client["subject"] if right else None


def enrol(path: Path, subjects: Mapping[str, str]) -> dict[str, str]:
    """Write the clients file and return the secrets, both by client id. subjects: client id to ``sub``."""
    made = {client_id: secrets.token_urlsafe(SECRET_BYTES) for client_id in subjects}
    clients = {
        client_id: {"subject": subject, "secret_sha256": _hash(made[client_id])}
        for client_id, subject in subjects.items()
    }
    write_private(path, json.dumps(clients, indent=2) + "\n")
    return made


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
