"""A server that speaks S3: moto in a process of its own, which has one bucket and checks every signature."""

from __future__ import annotations

import json
import secrets
import sys
from http import HTTPStatus
from typing import TYPE_CHECKING, Self

import boto3  # type: ignore[import-untyped]
import httpx2

from interpares.common.testing.processes import (
    LOOPBACK,
    Child,
    free_port,
    remove_directory,
    spawn,
    wait_until,
    working_directory,
)

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType
    from typing import Any

START_TIMEOUT = 60.0
REGION = "eu-central-1"
BUCKET = "interpares-files"
# Until somebody is known who may do things, anybody may.
UNCHECKED = "1000000"


class ObjectStore:
    """A server with a bucket. key_id, secret: of somebody who may do everything there. A context manager."""

    def __init__(self) -> None:
        self.key_id, self.secret = "", ""
        self._port = 0
        self._home: Path | None = None
        self._child: Child | None = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://{LOOPBACK}:{self._port}"

    def environment(self, **changes: str) -> dict[str, str]:
        """Return the variables an S3 client takes; changes: those to be otherwise."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ALLOW_HTTP": "true",
            "AWS_REGION": REGION,
            "AWS_ACCESS_KEY_ID": self.key_id,
            "AWS_SECRET_ACCESS_KEY": self.secret,
        } | changes

    def client(self, service: str = "s3") -> Any:
        """Return a client of the makers of the protocol, to look at what is there without our own code."""
        return boto3.client(
            service,
            endpoint_url=self.url,
            region_name=REGION,
            aws_access_key_id=self.key_id,
            aws_secret_access_key=self.secret,
        )

    def grant(self, actions: list[str]) -> tuple[str, str]:
        """Return key id and secret of somebody who may do these actions only."""
        iam = self.client("iam")
        name = f"user-{secrets.token_hex(4)}"
        iam.create_user(UserName=name)
        policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}]}
        iam.put_user_policy(UserName=name, PolicyName="own", PolicyDocument=json.dumps(policy))
        key = iam.create_access_key(UserName=name)["AccessKey"]
        return key["AccessKeyId"], key["SecretAccessKey"]

    def __enter__(self) -> Self:
        """Start the server and make the bucket."""
        self._home = working_directory("interpares-s3-")
        self._port = free_port()
        log = self._home / "log"
        command = (sys.executable, "-m", "moto.server", "-H", LOOPBACK, "-p", str(self._port))
        self._child = spawn(
            command, name="S3", log=log, env={"INITIAL_NO_AUTH_ACTION_COUNT": UNCHECKED}, cwd=self._home
        )
        wait_until(self._answers, timeout=START_TIMEOUT, what="answer of S3", log=log)
        self.key_id, self.secret = "anybody", "anything"
        self.key_id, self.secret = self.grant(["s3:*", "iam:*"])
        self.client().create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        self._check_signatures()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Stop it; what lay there is gone."""
        assert self._child is not None
        assert self._home is not None
        self._child.stop()
        remove_directory(self._home)

    def _answers(self) -> bool:
        assert self._child is not None
        self._child.check()
        try:
            return httpx2.get(f"{self.url}/moto-api/data.json", trust_env=False).status_code == HTTPStatus.OK
        except httpx2.TransportError:
            return False

    def _check_signatures(self) -> None:
        plain = {"Content-Type": "text/plain"}
        httpx2.post(f"{self.url}/moto-api/reset-auth", content="0", headers=plain, trust_env=False).raise_for_status()
