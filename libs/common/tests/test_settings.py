from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from interpares.common.settings import SSL_MODES, ServiceSettings, load, variable
from interpares.common.testing.edge import edge_settings

if TYPE_CHECKING:
    from pathlib import Path

NEEDED = {
    "INTERPARES_DATABASE_URL": "postgresql://service:s3cret@db/programme",
    "INTERPARES_NATS_URL": "nats://nats",
    "INTERPARES_OIDC_ISSUER": "https://issuer.test",
    "INTERPARES_OIDC_AUDIENCE": "interpares",
    "INTERPARES_OIDC_JWKS_URL": "https://issuer.test/keys",
    "INTERPARES_TOKEN_URL": "https://issuer.test/token",
    "INTERPARES_CLIENT_ID": "programme",
    "INTERPARES_CLIENT_SECRET": "s3cret",
}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name, value in NEEDED.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def refusal(capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as stopped:
        load(ServiceSettings)
    assert stopped.value.code == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    assert "s3cret" not in printed.err
    return printed.err


def test_settings_come_from_the_environment_and_what_else_stands_there_is_none_of_ours(
    environment: pytest.MonkeyPatch,
) -> None:
    environment.setenv("INTERPARES_SOMETHING_ELSE", "of another service")
    environment.setenv("INTERPARES_FEED_URLS", '{"registration": "https://registration.test/api/v1/feed"}')
    environment.setenv("INTERPARES_SERVICE_SUBJECTS", '["registration"]')
    settings = load(ServiceSettings)
    assert settings.environment == "production"
    assert settings.database_url.get_secret_value() == NEEDED["INTERPARES_DATABASE_URL"]
    assert settings.feed_urls == {"registration": "https://registration.test/api/v1/feed"}
    assert settings.service_subjects == {"registration"}
    assert settings.revocation_lag_seconds == 5
    assert settings.membership_max_age_seconds == 900


def test_secrets_do_not_show(environment: pytest.MonkeyPatch) -> None:
    assert "s3cret" not in repr(load(ServiceSettings))


@pytest.mark.parametrize("name", NEEDED)
def test_a_missing_setting_stops_the_process_with_one_line(
    name: str, environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.delenv(name)
    assert refusal(capsys) == f"Cannot start: {name} is missing.\n"


def test_every_fault_is_named_in_that_line(environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    environment.delenv("INTERPARES_NATS_URL")
    environment.setenv("INTERPARES_HTTP_PORT", "s3cret")
    line = refusal(capsys)
    assert "INTERPARES_NATS_URL is missing" in line
    assert "INTERPARES_HTTP_PORT: input should be a valid integer" in line


def test_a_setting_that_must_be_json_is_named(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.setenv("INTERPARES_FEED_URLS", "s3cret")
    assert refusal(capsys) == "Cannot start: INTERPARES_FEED_URLS must be JSON.\n"


@pytest.mark.parametrize("name", ["INTERPARES_OIDC_ISSUER", "INTERPARES_OIDC_JWKS_URL", "INTERPARES_TOKEN_URL"])
def test_production_takes_no_unencrypted_issuer(
    name: str, environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.setenv(name, "http://issuer.test")
    assert refusal(capsys) == f"Cannot start: {name} must be an https address in production.\n"
    environment.setenv("INTERPARES_ENVIRONMENT", "development")
    assert load(ServiceSettings).environment == "development"


@pytest.mark.parametrize("changes", [{"unknown": 1}, {"oidc_algorithm": "HS256"}, {"oidc_issuer": "file:///etc"}])
def test_unknown_and_unfit_arguments_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        edge_settings(**changes)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("DATABASE_URL", "s3cret", "must be an address like postgresql://role:password@host/database"),
        ("DATABASE_URL", "postgresql://db/s3cret", "must be an address like postgresql://role:password@host/database"),
        ("DATABASE_URL", "postgresql://[s3cret", "must be an address like postgresql://role:password@host/database"),
        (
            "DATABASE_OWNER_URL",
            "mysql://a:s3cret@db/b",
            "must be an address like postgresql://role:password@host/database",
        ),
        ("NATS_URL", "http://s3cret", "must be an address that begins with nats:// or tls:// or ws:// or wss://"),
        ("NATS_URL", "nats://one,s3cret", "must be an address that begins with nats:// or tls:// or ws:// or wss://"),
        ("PROXY_URL", "s3cret:3128", "must be an address that begins with http:// or https://"),
        ("DATABASE_URL", "postgresql://a:s3cret@db:99999/b", "must have ports from 1 to 65535"),
        ("DATABASE_URL", "postgresql://a:s3cret@db,other:s3cret/b", "must have ports from 1 to 65535"),
        (
            "DATABASE_DIRECT_URL",
            "postgresql://a:s3cret@db/b?sslmod=require",
            "has a part that PostgreSQL does not know",
        ),
        ("DATABASE_URL", "postgresql://a:s3cret@db/b?sslmode=s3cret", f"sslmode must be one of {', '.join(SSL_MODES)}"),
        (
            "NATS_URL",
            "nats://s3cret:99999",
            "must be an address that begins with nats:// or tls:// or ws:// or wss://",
        ),
        ("CA_FILE", "/s3cret", "path does not point to a file"),
        ("CA_FILE", "/dev/null", "path does not point to a file"),
        ("CA_FILE", __file__, "holds no certificate in PEM"),
        ("TRUSTED_PROXIES", '["10.0.0.0/33"]', "value is not a valid IPv4 or IPv6 network"),
        ("STREAM_REPLICAS", "6", "input should be less than or equal to 5"),
    ],
)
def test_an_unfit_value_is_refused_by_its_variable_and_shown_nowhere(
    name: str, value: str, told: str, environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.setenv(f"INTERPARES_{name}", value)
    assert refusal(capsys) == f"Cannot start: INTERPARES_{name}: {told}.\n"


def test_a_cluster_is_named_with_commas(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("INTERPARES_NATS_URL", "tls://a:s3cret@one:4222,tls://a:s3cret@two:4222")
    assert load(ServiceSettings).nats_url.get_secret_value().count(",") == 1


def test_secrets_may_stand_in_files_and_variables_count_more(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("DATABASE_URL", "CLIENT_SECRET"):
        environment.delenv(f"INTERPARES_{name}")
    (tmp_path / "interpares_database_url").write_text("postgresql://from:a@file/db\n")
    (tmp_path / "interpares_client_secret").write_text("from a file\n")
    (tmp_path / "interpares_nats_url").write_text("nats://from.a.file")
    environment.setenv("INTERPARES_SECRETS_DIR", str(tmp_path))
    settings = load(ServiceSettings)
    assert settings.database_url.get_secret_value() == "postgresql://from:a@file/db"
    assert settings.client_secret.get_secret_value() == "from a file"
    assert settings.nats_url.get_secret_value() == NEEDED["INTERPARES_NATS_URL"]


def test_a_folder_of_secrets_that_is_none_stops_the_process(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.setenv("INTERPARES_SECRETS_DIR", "/nowhere")
    assert refusal(capsys) == "Cannot start: INTERPARES_SECRETS_DIR names no folder.\n"


def test_settings_are_frozen() -> None:
    with pytest.raises(ValidationError):
        setattr(edge_settings(), "http_port", 1)  # noqa: B010 -- as somebody would who does not check types


def test_the_variable_of_a_field_is_told() -> None:
    assert variable(ServiceSettings, "nats_url") == "INTERPARES_NATS_URL"
