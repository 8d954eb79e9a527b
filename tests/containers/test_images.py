"""Each image: small, without rights, without a compiler, with its papers, and quick to end."""

from __future__ import annotations

import json
import time
import uuid

import pytest
from tests.containers.conftest import TAG, docker, inspected

IMAGES = ("programme", "registration", "console")
SERVICES = ("programme", "registration")
BASE = "python:3.13-slim"
LARGEST = 200_000_000
HARDENED = ("--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--network", "none")
SECRET = "s3cret-of-the-test"
ENVIRONMENT = {
    "INTERPARES_DATABASE_URL": f"postgresql://programme_service:{SECRET}@127.0.0.1:1/programme",
    "INTERPARES_NATS_URL": f"nats://programme:{SECRET}@127.0.0.1:1",
    "INTERPARES_OIDC_ISSUER": "https://sign-in.example.org",
    "INTERPARES_OIDC_AUDIENCE": "interpares",
    "INTERPARES_OIDC_JWKS_URL": "https://sign-in.example.org/keys",
    "INTERPARES_TOKEN_URL": "https://sign-in.example.org/token",
    "INTERPARES_CLIENT_ID": "service",
    "INTERPARES_CLIENT_SECRET": SECRET,
    "INTERPARES_FEED_URLS": '{"registration": "http://127.0.0.1:1", "programme": "http://127.0.0.1:1"}',
}


def image(name: str) -> str:
    return f"interpares/{name}:{TAG}"


def settings(**changes: str) -> list[str]:
    return [part for name, value in (ENVIRONMENT | changes).items() for part in ("--env", f"{name}={value}")]


def inside(name: str, *command: str) -> str:
    return docker("run", "--rm", *HARDENED, "--entrypoint", command[0], image(name), *command[1:])


@pytest.mark.parametrize("name", IMAGES)
def test_it_adds_little_to_its_base(name: str) -> None:
    assert inspected(image(name))["Size"] - inspected(BASE)["Size"] < LARGEST


@pytest.mark.parametrize("name", IMAGES)
def test_it_says_what_it_is(name: str) -> None:
    config = inspected(image(name))["Config"]
    labels = config["Labels"]
    assert labels["org.opencontainers.image.title"] == f"interpares-{name}"
    assert labels["org.opencontainers.image.version"] == TAG
    assert labels["org.opencontainers.image.licenses"] == "EUPL-1.2"
    assert labels["org.opencontainers.image.revision"]
    assert config["User"] == "10001:10001"
    assert config["StopSignal"] == "SIGTERM"


@pytest.mark.parametrize("name", IMAGES)
def test_it_has_no_compiler_and_nothing_of_the_tests(name: str) -> None:
    found = inside(name, "sh", "-c", "for tool in cc gcc c++ ld as make uv git; do command -v $tool; done; true")
    assert found == ""
    listed = inside(name, "python", "-c", "import importlib.metadata as m; print([d.name for d in m.distributions()])")
    for absent in ("pixeltable", "nats-server", "pytest", "hatchling"):
        assert absent not in listed


@pytest.mark.parametrize("name", IMAGES)
def test_its_bill_of_materials_names_what_is_installed(name: str) -> None:
    bom = json.loads(inside(name, "cat", "/opt/interpares/share/interpares/sbom.cdx.json"))
    assert (bom["bomFormat"], bom["specVersion"]) == ("CycloneDX", "1.6")
    assert bom["metadata"]["component"]["version"] == TAG
    uuid.UUID(bom["serialNumber"].removeprefix("urn:uuid:"))
    listed = {(each["name"], each["version"]) for each in bom["components"] if each["purl"].startswith("pkg:pypi/")}
    program = (
        "import importlib.metadata as m, json; print(json.dumps([[d.name, d.version] for d in m.distributions()]))"
    )
    installed = {
        (each.lower().replace("_", "-").replace(".", "-"), version)
        for each, version in json.loads(inside(name, "python", "-c", program))
    }
    assert listed == installed
    refs = [each["bom-ref"] for each in bom["components"]]
    assert len(refs) == len(set(refs))


@pytest.mark.parametrize("name", IMAGES)
def test_no_step_of_its_making_shows_a_secret(name: str) -> None:
    history = docker("history", "--no-trunc", image(name))
    environment = inspected(image(name))["Config"]["Env"]
    for text in (history.lower(), "\n".join(environment).lower()):
        assert "password" not in text
        assert "_secret=" not in text


@pytest.mark.parametrize("role", ["api", "worker", "migrate"])
@pytest.mark.parametrize("name", SERVICES)
def test_every_role_names_what_it_lacks_in_one_line_as_any_user(name: str, role: str) -> None:
    told = docker("run", "--rm", *HARDENED, "--user", "54321:54321", image(name), role, check=False)
    assert told.startswith("Cannot start: INTERPARES_DATABASE_URL is missing")
    assert told.count("\n") == 1


@pytest.mark.parametrize("role", ["api", "worker"])
@pytest.mark.parametrize("name", SERVICES)
def test_it_ends_in_time_on_sigterm_and_shows_no_secret(name: str, role: str) -> None:
    container = docker("run", "--detach", *HARDENED, "--user", "54321:0", *settings(), image(name), role).strip()
    try:
        deadline = time.monotonic() + 60
        while '"running"' not in docker("logs", container) and time.monotonic() < deadline:
            assert inspected(container)["State"]["Running"], docker("logs", container)
            time.sleep(0.2)
        assert SECRET not in docker("top", container)
        began = time.monotonic()
        docker("stop", "--time", "30", container)
        assert time.monotonic() - began < 15
        state = inspected(container)["State"]
        assert state["ExitCode"] in {0, 143}
        assert SECRET not in docker("logs", container)
    finally:
        docker("rm", "--force", container)


def test_a_migration_that_waits_ends_on_sigterm() -> None:
    given = settings(INTERPARES_DATABASE_OWNER_URL=f"postgresql://o:{SECRET}@192.0.2.1:5432/programme")
    container = docker("run", "--detach", "--read-only", *given, image("programme"), "migrate").strip()
    try:
        began = time.monotonic()
        docker("stop", "--time", "30", container)
        assert time.monotonic() - began < 15
        assert inspected(container)["State"]["ExitCode"] != 137
    finally:
        docker("rm", "--force", container)
