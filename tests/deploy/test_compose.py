"""The compose files as files: what they publish, whom they trust, and that every file and variable is there."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from interpares.common.settings import SECRETS_DIR, ServiceSettings, variable
from interpares.console.composing import prepare
from interpares.programme.settings import ProgrammeSettings
from interpares.registration.settings import RegistrationSettings

ROOT = Path(__file__).resolve().parents[2]
SETTINGS: dict[str, type[ServiceSettings]] = {"programme": ProgrammeSettings, "registration": RegistrationSettings}
WHOLE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
OVERLAY: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.observability.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = WHOLE["services"]
OURS = {name: each for name, each in SERVICES.items() if name.partition("-")[0] in SETTINGS}


def targets(service: dict[str, Any]) -> dict[str, str]:
    """Return the secrets a service gets, by the name of the file it sees."""
    secrets = (each if isinstance(each, dict) else {"source": each} for each in service.get("secrets", []))
    return {str(each.get("target") or each["source"]): str(each["source"]) for each in secrets}


@pytest.mark.parametrize("document", [WHOLE, OVERLAY], ids=["whole", "overlay"])
def test_everything_is_published_on_loopback_only(document: dict[str, Any]) -> None:
    ports = [port for each in document["services"].values() for port in each.get("ports", [])]
    assert ports
    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []


@pytest.mark.parametrize("name", OURS)
def test_every_variable_and_secret_is_one_the_service_reads(name: str) -> None:
    kind = SETTINGS[name.partition("-")[0]]
    known = {variable(kind, field) for field in kind.model_fields} | {SECRETS_DIR}
    assert set(OURS[name]["environment"]) <= known
    assert {target.upper() for target in targets(OURS[name])} <= known


@pytest.mark.parametrize("name", OURS)
def test_every_setting_of_a_service_can_be_given_by_the_env_file(name: str) -> None:
    kind = SETTINGS[name.partition("-")[0]]
    own = kind.model_fields.keys() - ServiceSettings.model_fields.keys()
    environment = OURS[name]["environment"]
    assert {variable(kind, field) for field in own} <= environment.keys()
    for field in own:
        name_of = variable(kind, field)
        default = str(kind.model_fields[field].default)
        taken = f"${{{name_of}:-{default}}}"
        # Folders are where the compose file mounts volumes.
        assert environment[name_of] == taken or default == "None"


@pytest.mark.parametrize("name", OURS)
def test_only_migrate_sees_the_owner_and_the_administrator(name: str) -> None:
    privileged = {"interpares_database_owner_url", "interpares_database_admin_url"}
    assert bool(privileged & set(targets(OURS[name]))) == name.endswith("-migrate")


@pytest.mark.parametrize("name", [*OURS, "issuer"])
def test_containers_of_ours_can_do_next_to_nothing(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "user" not in service


@pytest.mark.parametrize("name", [name for name in SERVICES if not name.endswith("-migrate")])
def test_everything_that_stays_up_says_whether_it_is_well(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"]
    assert SERVICES[name]["restart"] == "unless-stopped"


def test_nothing_starts_before_what_it_needs() -> None:
    for name, service in OURS.items():
        needs = service["depends_on"]
        assert all("condition" in each for each in needs.values()), name
    assert {each["condition"] for each in OURS["programme-worker"]["depends_on"].values()} == {"service_healthy"}
    assert OURS["programme-api"]["depends_on"] == {"programme-migrate": {"condition": "service_completed_successfully"}}


def test_the_development_issuer_is_in_the_demo_profile_only_and_says_so() -> None:
    assert [name for name, each in SERVICES.items() if "profiles" in each] == ["issuer"]
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    assert text.count("NOT FOR PRODUCTION") >= 2


@pytest.mark.parametrize("demo", [True, False])
def test_every_secret_is_one_that_is_made_and_none_stands_in_the_env_file(*, demo: bool, tmp_path: Path) -> None:
    prepare(tmp_path / "home", demo=demo)
    made = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "home" / "secrets").iterdir()}
    assert {source for each in SERVICES.values() for source in targets(each).values()} <= made.keys()
    for name, secret in WHOLE["secrets"].items():
        assert secret["file"] == f"${{INTERPARES_HOME:-.interpares/compose}}/secrets/{name}"
    env = (tmp_path / "home" / "env").read_text(encoding="utf-8")
    passwords = [part for text in made.values() for part in re.findall(r"[A-Za-z0-9_-]{32}", text)]
    assert passwords
    assert [password for password in passwords if password in env] == []
    assert ("NOT FOR PRODUCTION" in env) == demo


@pytest.mark.parametrize("demo", [True, False])
def test_the_env_file_has_every_variable_the_compose_file_insists_on(*, demo: bool, tmp_path: Path) -> None:
    prepare(tmp_path / "home", demo=demo)
    env = (tmp_path / "home" / "env").read_text(encoding="utf-8")
    given = dict(line.split("=", 1) for line in env.splitlines() if line and not line.startswith("#"))
    insisted = set(re.findall(r"\$\{(\w+):\?", (ROOT / "docker-compose.yml").read_text(encoding="utf-8")))
    assert insisted <= given.keys()
    assert all(given[name] for name in insisted) == demo


def test_preparing_again_changes_nothing(tmp_path: Path) -> None:
    assert prepare(tmp_path / "home", demo=True)
    before = {path: path.read_bytes() for path in (tmp_path / "home").rglob("*") if path.is_file()}
    assert not prepare(tmp_path / "home", demo=True)
    assert {path: path.read_bytes() for path in (tmp_path / "home").rglob("*") if path.is_file()} == before


def test_a_service_may_write_its_own_stream_and_nothing_else(tmp_path: Path) -> None:
    prepare(tmp_path / "home", demo=False)
    users = json.loads((tmp_path / "home/secrets/nats-users").read_text(encoding="utf-8"))["accounts"]["PLATFORM"][
        "users"
    ]
    events = {each["user"]: [s for s in each["permissions"]["publish"] if s.startswith("evt.")] for each in users}
    assert events == {"programme": ["evt.programme.>"], "registration": ["evt.registration.>"], "operator": []}
    assert not [
        s for each in users for s in each["permissions"]["publish"] if s in {">", "$JS.>", "$JS.API.>", "$SYS.>"}
    ]


def test_every_file_the_compose_files_mount_is_there() -> None:
    mounts = [
        mount
        for document in (WHOLE, OVERLAY)
        for each in document["services"].values()
        for mount in each.get("volumes", [])
        if mount.startswith("./")
    ]
    assert mounts
    assert [mount for mount in mounts if not (ROOT / mount.partition(":")[0]).exists()] == []


def test_the_overlay_adds_to_services_that_are_there() -> None:
    traced = {name for name, each in OVERLAY["services"].items() if "image" not in each}
    assert traced == {name for name in OURS if not name.endswith("-migrate")}
