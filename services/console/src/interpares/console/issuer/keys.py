"""The issuer's signing key: one P-256 key in a file, so that tokens outlive a restart of the issuer."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from jwt.algorithms import ECAlgorithm

from interpares.console.contexts import write_private

ALGORITHM = "ES256"
# The members of an EC key that RFC 7638 makes its thumbprint from.
THUMBPRINT = ("crv", "kty", "x", "y")


def signing_key(path: Path) -> EllipticCurvePrivateKey:
    """Return the key in a file, made first unless it is there. Raises ValueError for a file with another kind."""
    if not path.exists():
        made = generate_private_key(SECP256R1())
        pem = made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        fresh = path.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        write_private(fresh, pem.decode())
        fresh.rename(path)
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, EllipticCurvePrivateKey):
        message = f"{path} holds no elliptic-curve key"
        raise ValueError(message)  # noqa: TRY004 -- it is the file's value that is wrong
    return key


def published(key: EllipticCurvePrivateKey) -> dict[str, Any]:
    """Return the public half as a JSON Web Key; its ``kid`` is the RFC 7638 thumbprint."""
    public = ECAlgorithm.to_jwk(key.public_key(), as_dict=True)
    members = json.dumps({name: public[name] for name in THUMBPRINT}, separators=(",", ":"), sort_keys=True)
    thumbprint = base64.urlsafe_b64encode(hashlib.sha256(members.encode()).digest()).rstrip(b"=").decode()
    return {**public, "kid": thumbprint, "alg": ALGORITHM, "use": "sig"}
