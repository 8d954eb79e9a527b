"""Where contents of files lie, as such: a folder or a bucket, opened, tried out, and what it means when it fails."""

from __future__ import annotations

import re
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit
from uuid import uuid4

import obstore
import structlog
from obstore.exceptions import BaseError
from obstore.store import LocalStore, from_url

from interpares.common.errors import Busy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from obstore.store import ObjectStore

FOLDER = "contents"
TRIALS = "trials"
RETRY_SECONDS = 5.0
# Somebody waits for an answer meanwhile.
RETRIES: Any = {"max_retries": 3, "retry_timeout": timedelta(seconds=20)}
CODE = re.compile(r"<Code>(\w+)</Code>")
NO_BUCKET = "NoSuchBucket"
# Where object stores in a cloud lend credentials; asked where none are given.
LENDER = "169.254.169.254"
KEYS = "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
NEEDED = "it takes listing, putting, getting and deleting"
log = structlog.get_logger(__name__)


def opened_store(url: str) -> ObjectStore:
    """Return the store at an address; see ``RegistrationSettings.files_url``."""
    parts = urlsplit(url)
    if parts.scheme == "file":
        return LocalStore(Path(unquote(parts.path)), mkdir=True)
    return from_url(url, retry_config=RETRIES)


@contextmanager
def answering() -> Iterator[None]:
    """Raise Busy where a store fails: it may come back, and no other request would have helped.

    Its messages quote addresses, so only their kind is logged.
    """
    try:
        yield
    except (BaseError, OSError) as error:
        log.warning("files-fail", error=type(error).__name__, code=_code(error))
        raise Busy(RETRY_SECONDS, "What keeps the files does not answer just now.") from error


def nowhere(error: Exception) -> bool:
    """Tell whether something was not found because the whole bucket is missing: then nothing can be said of it."""
    return _code(error) == NO_BUCKET


async def fault_of(url: str | None) -> str | None:
    """Try out where files shall lie; return why they cannot, for whoever set the address, None where they can.

    Lists, puts and deletes. What does not answer at all may come back, so that is logged and is no fault.
    """
    if url is None:
        return None
    trial = f"{TRIALS}/{uuid4()}"
    try:
        store = opened_store(url)
        async for _ in obstore.list(store, FOLDER, chunk_size=1):
            break
        put = await obstore.put_async(store, trial, b"trial")
        await obstore.delete_async(store, trial)
    except (BaseError, OSError) as error:
        told = _told(error, local=url.startswith("file:"))
        if told is None:
            log.warning("files-fail", error=type(error).__name__, code=_code(error))
        return told
    if put["version"] is not None:
        # What is erased stays there as an earlier version, until the bucket's own rules remove it.
        log.warning("files-keep-versions")
    return None


def _told(error: Exception, *, local: bool) -> str | None:
    code, text = _code(error), str(error)
    if local:
        return "the folder cannot be written"
    if code == NO_BUCKET:
        return "there is no such bucket"
    if code in {"InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken", "ExpiredToken"}:
        return f"the credentials are refused ({code}); see {KEYS}"
    if LENDER in text:
        return f"no credentials are given; set {KEYS}"
    if "403 Forbidden" in text or "401 Unauthorized" in text:
        return f"the credentials do not suffice ({code}); {NEEDED}"
    return None


def _code(error: Exception) -> str | None:
    found = CODE.search(str(error))
    return found[1] if found else None
