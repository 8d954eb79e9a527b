"""``python -m interpares.console.issuer --url http://127.0.0.1:PORT --folder FOLDER``.

The folder holds ``clients.json`` and keeps the signing key. Only for development, only on loopback: anything else is
refused before a socket is opened. In a container loopback is the container's own, so there ``--contained`` has it
listen on every address; whoever publishes its port must do so on loopback only.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
MISCONFIGURED = 2
EVERYWHERE = "0.0.0.0"  # noqa: S104 -- with --contained only
WARNING = "NOT FOR PRODUCTION: the development issuer at {} gives tokens to whoever has one of its client files.\n"


class Place(NamedTuple):
    """Where the issuer is: its address, what it binds, its folder, and the file of its clients."""

    url: str
    host: str
    port: int
    folder: Path
    clients: Path


def place(arguments: Sequence[str], environment: Mapping[str, str]) -> Place:
    """Read the command line. Raises ValueError for whatever is not development on loopback."""
    parser = argparse.ArgumentParser(prog="python -m interpares.console.issuer", description=__doc__)
    parser.add_argument("--url", required=True, help="the issuer's address, as it stands in tokens")
    parser.add_argument("--folder", required=True, type=Path, help="holds clients.json, keeps the signing key")
    parser.add_argument("--host", help="address to listen on; the host of --url if not given")
    parser.add_argument("--clients", type=Path, help="file of the clients; clients.json in the folder if not given")
    parser.add_argument("--contained", action="store_true", help="listen on every address, of a container's network")
    given = parser.parse_args(arguments)
    # The services take an unset environment for production, so the issuer does as well.
    if environment.get("INTERPARES_ENVIRONMENT", "production") != "development":
        message = (
            "The development issuer gives tokens to anybody on this machine; set INTERPARES_ENVIRONMENT=development."
        )
        raise ValueError(message)
    url = urlsplit(given.url)
    if url.scheme != "http" or url.hostname not in LOOPBACK or not url.port or url.path not in {"", "/"}:
        message = f"{given.url} is no address of the kind http://127.0.0.1:PORT, the only one this issuer may have."
        raise ValueError(message)
    host = given.host or url.hostname
    if host not in LOOPBACK:
        message = f"The development issuer listens on loopback only, not on {host}."
        raise ValueError(message)
    clients = given.clients or given.folder / "clients.json"
    return Place(given.url.rstrip("/"), EVERYWHERE if given.contained else host, url.port, given.folder, clients)


def main() -> None:
    """Serve until stopped."""
    try:
        where = place(sys.argv[1:], os.environ)
    except ValueError as error:
        sys.stderr.write(f"Cannot start: {error}\n")
        raise SystemExit(MISCONFIGURED) from error
    import uvicorn  # noqa: PLC0415 -- a refusal need not wait for it

    from interpares.console.issuer.app import issuer_app  # noqa: PLC0415 -- likewise
    from interpares.console.issuer.clients import Clients  # noqa: PLC0415 -- likewise
    from interpares.console.issuer.keys import signing_key  # noqa: PLC0415 -- likewise

    if where.host == EVERYWHERE:
        sys.stderr.write(WARNING.format(where.url))
    app = issuer_app(where.url, signing_key(where.folder / "key.pem"), Clients.read(where.clients))
    uvicorn.run(app, host=where.host, port=where.port, log_level="warning", access_log=False)


if __name__ == "__main__":
    main()
