"""What ``docker compose`` needs beside its file: secrets, one per file, and an env file; for a demo, who can log in.

The folder is its owner's alone. The files in it can be read by anybody who gets that far, for a container's user has
another number than the owner, and Docker hands files over as they are.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from pathlib import Path

from interpares.common.testing.processes import LOOPBACK
from interpares.console.contexts import PRIVATE_FOLDER, Context, store
from interpares.console.demo import STORIES, members
from interpares.console.installation import AUDIENCE, SERVICES, subject_of
from interpares.console.story.cast import cast
from interpares.console.streamrights import accounts, of_operator, of_service

PORTS: Mapping[str, int] = {"programme": 8081, "registration": 8082, "issuer": 8089, "nats": 4222}
SECRET_BYTES = 24
READABLE = 0o644
# Where services find the servers and the issuer within the network of compose.
POSTGRES, NATS, ISSUER = "postgres:5432", "nats:4222", "issuer"
OPERATOR = "operator"
LOUD = "# NOT FOR PRODUCTION: a development issuer, and invented people who may do everything.\n"
TO_FILL_IN = """\
# Whose access tokens count. Everything but the audience is in the issuer's /.well-known/openid-configuration.
INTERPARES_OIDC_ISSUER=
INTERPARES_OIDC_JWKS_URL=
INTERPARES_TOKEN_URL=
INTERPARES_OIDC_AUDIENCE=interpares
INTERPARES_OIDC_ALGORITHM=ES256
# The clients of the services there; their secrets belong into secrets/programme-client-secret and the other one.
PROGRAMME_CLIENT_ID=service-programme
REGISTRATION_CLIENT_ID=service-registration
# The sub that stands in the tokens these clients get.
PROGRAMME_SUBJECT=service-programme
REGISTRATION_SUBJECT=service-registration
# The sub of the account that operates the platform.
INTERPARES_OPERATOR=
"""


def prepare(folder: Path, *, demo: bool, ports: Mapping[str, int] = PORTS) -> bool:
    """Make the folder with ``secrets`` and ``env``, and for a demo ``contexts``; False where it is there already.

    Secrets are random. What is there stays as it is: other secrets would open nothing any more.
    """
    env = folder / "env"
    if env.exists():
        return False
    folder.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
    (folder / "secrets").mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
    written = _servers()
    clients: dict[str, str] = {}
    if demo:
        clients = _enrol(folder, ports, written)
    for service in SERVICES:
        written[f"{service}-client-secret"] = clients.get(subject_of(service), "")
    for name, text in written.items():
        path = folder / "secrets" / name
        path.write_text(text, encoding="utf-8")
        path.chmod(READABLE)
    env.write_text(_env(folder, demo=demo, ports=ports), encoding="utf-8")
    return True


def _servers() -> dict[str, str]:
    """Return the secrets of PostgreSQL and NATS, by name of their file."""
    admin = _secret()
    written = {"postgres-password": admin, "database-admin-url": f"postgresql://postgres:{admin}@{POSTGRES}/postgres"}
    passwords = {user: _secret() for user in (*SERVICES, OPERATOR)}
    for service in SERVICES:
        for role, name in (("service", "database-url"), ("owner", "database-owner-url")):
            written[f"{service}-{name}"] = f"postgresql://{service}_{role}:{_secret()}@{POSTGRES}/{service}"
        written[f"{service}-nats-url"] = f"nats://{service}:{passwords[service]}@{NATS}"
    rights = {service: of_service(service, set(SERVICES) - {service}) for service in SERVICES}
    rights[OPERATOR] = of_operator()
    written["nats-users"] = json.dumps({"accounts": accounts(passwords, rights)}, indent=2) + "\n"
    written["operator-nats-password"] = passwords[OPERATOR]
    written["issuer-clients"] = "{}\n"
    return written


def _enrol(folder: Path, ports: Mapping[str, int], written: dict[str, str]) -> dict[str, str]:
    """Let the cast and the services log in at the development issuer; return the secrets by client."""
    troupe = members(*map(cast, STORIES))
    subjects = {name: member.subject for name, member in troupe.items()}
    subjects |= {subject_of(service): subject_of(service) for service in SERVICES}
    given = {client: _secret() for client in subjects}
    known = {
        client: {"subject": subject, "secret_sha256": hashlib.sha256(given[client].encode()).hexdigest()}
        for client, subject in subjects.items()
    }
    written["issuer-clients"] = json.dumps(known, indent=2) + "\n"
    nats_url = f"nats://{OPERATOR}:{written['operator-nats-password']}@{LOOPBACK}:{ports['nats']}"
    issuer = _local(ports["issuer"])
    for name, member in troupe.items():
        context = Context(
            name=name,
            title=member.title,
            role=member.role,
            programme=_local(ports["programme"]),
            registration=_local(ports["registration"]),
            issuer=issuer,
            token_url=f"{issuer}/token",
            client_id=name,
            client_secret=given[name],
            nats_url=nats_url if member.streams else "",
        )
        store(context, folder)
    return given


def _env(folder: Path, *, demo: bool, ports: Mapping[str, int]) -> str:
    lines = [f"INTERPARES_HOME={folder.resolve()}", *(f"{name.upper()}_PORT={port}" for name, port in ports.items())]
    if not demo:
        return "\n".join([*lines, "INTERPARES_ENVIRONMENT=production", TO_FILL_IN])
    within = f"http://{ISSUER}:{ports['issuer']}"
    settings = {
        "COMPOSE_PROFILES": "demo",
        "INTERPARES_ENVIRONMENT": "development",
        "INTERPARES_OIDC_ISSUER": _local(ports["issuer"]),
        "INTERPARES_OIDC_AUDIENCE": AUDIENCE,
        "INTERPARES_OIDC_JWKS_URL": f"{within}/jwks.json",
        "INTERPARES_TOKEN_URL": f"{within}/token",
        "INTERPARES_OPERATOR": cast().operator,
    }
    return LOUD + "\n".join([*lines, *(f"{name}={value}" for name, value in settings.items())]) + "\n"


def _local(port: int) -> str:
    return f"http://{LOOPBACK}:{port}"


def _secret() -> str:
    return secrets.token_urlsafe(SECRET_BYTES)
