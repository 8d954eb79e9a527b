"""What Kubernetes would accept and do wrong all the same is asserted on the rendered objects."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import helm_python
import kubernetes_validate  # type: ignore[import-untyped]
import pytest
import yaml
from tests.deploy.chart.conftest import CHART, NAMES, render, values_of

from interpares.common.health import Health
from interpares.common.settings import SECRETS_DIR, ServiceSettings, variable
from interpares.console.streamrights import of_operator, of_service
from interpares.programme.settings import ProgrammeSettings
from interpares.registration.settings import RegistrationSettings

if TYPE_CHECKING:
    from tests.deploy.chart.conftest import Rendered

SETTINGS: dict[str, type[ServiceSettings]] = {"programme": ProgrammeSettings, "registration": RegistrationSettings}
# Kinds of others, whose schemas no tool here knows.
FOREIGN = {"ServiceMonitor", "PrometheusRule", "ScaledObject", "Gateway", "HTTPRoute"}
# What the values name as already there.
SECRET_IN_VALUES = "s3cret"
UNITS = {"m": 0.001, "": 1.0, "Ki": 2.0**10, "Mi": 2.0**20, "Gi": 2.0**30}
# Files and folders that are there in a pod and nowhere else.
IN_THE_POD = {SECRETS_DIR, "INTERPARES_CA_FILE", "INTERPARES_ERASURE_LEDGER"}
# Read by libraries, not by our settings.
OF_LIBRARIES = {"POD_NAME", "NODE_NAME", "OTEL_RESOURCE_ATTRIBUTES", "EXTRA"}


def quantity(text: str | int) -> float:
    match = re.fullmatch(r"([0-9.]+)([A-Za-z]*)", str(text))
    assert match
    return float(match[1]) * UNITS[match[2]]


def selected(selector: dict[str, str], labels: dict[str, str]) -> bool:
    return selector.items() <= labels.items()


@pytest.mark.parametrize("name", NAMES)
def test_helm_finds_nothing_to_complain_about(name: str) -> None:
    found = helm_python.lint(str(CHART), values_of(name), strict=True, with_subcharts=True)
    assert found["errors"] == []
    with helm_python.Chart.load(str(CHART)) as chart:
        chart.validate_schema(values_of(name))


def test_every_object_fits_the_schema_of_its_kind(rendered: Rendered) -> None:
    seen = set()
    for each in rendered.documents:
        seen.add(each["kind"])
        if each["kind"] not in FOREIGN:
            kubernetes_validate.validate(each, "1.36", strict=True)
    assert {"Deployment", "Service", "Job", "NetworkPolicy", "ServiceAccount"} <= seen


def test_names_are_unique_and_no_longer_than_kubernetes_takes(rendered: Rendered) -> None:
    names = [(each["kind"], each["metadata"]["name"]) for each in rendered.documents]
    assert len(names) == len(set(names))
    for _, name in names:
        assert re.fullmatch(r"[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?", name)
    for each in rendered.documents:
        for value in each["metadata"].get("labels", {}).values():
            assert len(value) <= 63


def test_deployments_select_their_own_pods_and_no_others(rendered: Rendered) -> None:
    pods = rendered.pods()
    for each in rendered.of("Deployment"):
        own = each["spec"]["selector"]["matchLabels"]
        assert [name for name, labels, _ in pods if selected(own, labels)] == [each["metadata"]["name"]]


def test_services_lead_to_ports_of_exactly_one_workload(rendered: Rendered) -> None:
    for each in rendered.of("Service"):
        chosen = [spec for _, labels, spec in rendered.pods() if selected(each["spec"]["selector"], labels)]
        assert len(chosen) == 1
        ports = {port["name"]: port["containerPort"] for port in chosen[0]["containers"][0]["ports"]}
        assert [ports[port["targetPort"]] for port in each["spec"]["ports"]] == [8000]


def test_requests_are_no_larger_than_limits_and_everything_has_both(rendered: Rendered) -> None:
    for name, _, spec in rendered.pods():
        for container in spec["containers"]:
            resources = container["resources"]
            for what in ("cpu", "memory"):
                asked, most = quantity(resources["requests"][what]), quantity(resources["limits"][what])
                assert 0 < asked <= most, name


def test_every_pod_is_restricted(rendered: Rendered) -> None:
    for name, _, spec in rendered.pods():
        assert spec["securityContext"]["runAsNonRoot"] is True, name
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert spec["automountServiceAccountToken"] is False
        assert not spec.keys() & {"hostNetwork", "hostPID", "hostIPC"}
        for container in spec["containers"]:
            security = container["securityContext"]
            assert security["allowPrivilegeEscalation"] is False
            assert security["readOnlyRootFilesystem"] is True
            assert security["capabilities"] == {"drop": ["ALL"]}
            assert "privileged" not in security
        kinds = {next(key for key in volume if key != "name") for volume in spec.get("volumes", [])}
        assert kinds <= {"emptyDir", "projected", "configMap", "persistentVolumeClaim", "secret"}


def test_every_pod_runs_where_it_is_told_to() -> None:
    where: dict[str, Any] = {
        "nodeSelector": {"for": "office"},
        "tolerations": [{"key": "office", "operator": "Exists"}],
        "affinity": {"nodeAffinity": {}},
        "priorityClassName": "office",
    }
    pods = render(where).pods()
    assert any(name.endswith("-test") for name, _, _ in pods)
    for name, _, spec in pods:
        assert {key: spec.get(key) for key in where} == where, name


def test_every_mount_has_its_volume(rendered: Rendered) -> None:
    for name, _, spec in rendered.pods():
        volumes = [volume["name"] for volume in spec.get("volumes", [])]
        assert len(volumes) == len(set(volumes))
        for container in spec["containers"]:
            assert {mount["name"] for mount in container.get("volumeMounts", [])} == set(volumes), name


def service_of(labels: dict[str, str]) -> str:
    return labels["interpares/service"]


def files_of(spec: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """Return the Secret and key behind each file a process finds its secrets in."""
    [volume] = [each for each in spec["volumes"] if each["name"] == "secrets"]
    sources = [source["secret"] for source in volume["projected"]["sources"]]
    return {item["path"]: (source["name"], item["key"]) for source in sources for item in source["items"]}


def processes(rendered: Rendered) -> list[tuple[str, str, dict[str, Any], dict[str, Any]]]:
    """Return component, service, pod and container of what runs one of our images as a service."""
    return [
        (labels["app.kubernetes.io/component"], service_of(labels), spec, spec["containers"][0])
        for _, labels, spec in rendered.pods()
        if labels["app.kubernetes.io/component"] != "test"
    ]


def test_every_variable_is_one_its_service_reads(rendered: Rendered) -> None:
    for _, service, spec, container in processes(rendered):
        known = {variable(SETTINGS[service], field) for field in SETTINGS[service].model_fields} | {SECRETS_DIR}
        given = [each["name"] for each in container["env"]]
        assert len(given) == len(set(given))
        assert set(given) - OF_LIBRARIES <= known
        assert {file.upper() for file in files_of(spec)} <= known


def test_every_setting_without_a_default_is_given(rendered: Rendered) -> None:
    for _, service, spec, container in processes(rendered):
        given = {each["name"] for each in container["env"]} | {file.upper() for file in files_of(spec)}
        needed = {
            variable(SETTINGS[service], name)
            for name, field in SETTINGS[service].model_fields.items()
            if field.is_required()
        }
        assert needed <= given


def test_every_setting_of_a_service_has_a_value_in_the_chart(production: Rendered) -> None:
    """Those of one service alone; with what all services share the chart does more than hand it on."""
    for _, service, _, container in processes(production):
        given = {each["name"] for each in container["env"]}
        own = SETTINGS[service].model_fields.keys() - ServiceSettings.model_fields.keys()
        assert {variable(SETTINGS[service], field) for field in own} <= given


def test_what_the_chart_gives_unasked_is_what_the_service_would_take() -> None:
    for _, service, _, container in processes(render({})):
        given = {each["name"]: each.get("value") for each in container["env"]}
        for name in SETTINGS[service].model_fields.keys() - ServiceSettings.model_fields.keys():
            value = given.get(variable(SETTINGS[service], name))
            assert value is None or value == str(SETTINGS[service].model_fields[name].default)


@pytest.mark.parametrize("name", ["small", "production"])
def test_the_environment_is_one_the_service_starts_with(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    for _, service, spec, container in processes(render(values_of(name))):
        for each in container["env"]:
            if "value" in each and each["name"] not in IN_THE_POD:
                monkeypatch.setenv(each["name"], each["value"])
        for file in files_of(spec):
            address = "nats://a:b@nats" if "nats" in file else "postgresql://a:b@db/c"
            text = {"interpares_client_secret": "x", "interpares_proxy_url": "http://proxy:3128"}.get(file, address)
            (tmp_path / file).write_text(text)
        settings = SETTINGS[service](_secrets_dir=str(tmp_path))
        assert settings.feed_urls.keys() == SETTINGS.keys() - {service}
        assert settings.environment == "production"


def test_every_secret_key_is_there(rendered: Rendered) -> None:
    """Those of the chart's own Secrets; of others, each is one the values name."""
    made = {each["metadata"]["name"]: set(each["data"]) for each in rendered.of("Secret")}
    named = json.dumps(values_of(rendered.name)) + (CHART / "values.yaml").read_text(encoding="utf-8")
    for _, _, spec, _ in processes(rendered):
        for secret, key in files_of(spec).values():
            if secret.startswith("demo-"):
                assert key in made[secret]
            else:
                assert secret in named
                assert key in named


def test_only_migrations_see_the_owner_and_the_administrator(rendered: Rendered) -> None:
    for component, _, spec, _ in processes(rendered):
        privileged = {"interpares_database_owner_url", "interpares_database_admin_url"} & files_of(spec).keys()
        assert bool(privileged) == (component == "migrate")


def test_no_secret_shows_in_what_is_rendered(production: Rendered, small: Rendered) -> None:
    assert production.of("Secret") == []
    assert not re.search(r"postgresql://|nats://|tls://", production.text)
    # Where it was given as a value it stands in the Secret alone, encoded.
    assert SECRET_IN_VALUES not in small.text
    for rendered in (production, small):
        for _, _, _, container in processes(rendered):
            assert not re.search(r"s3cret|password|://[^/]*@", json.dumps(container.get("args", [])))


def test_every_probe_is_served_and_each_asks_something_else(rendered: Rendered) -> None:
    served = set(Health().routes())
    for component, _, _, container in processes(rendered):
        probes = {kind: container[kind]["httpGet"]["path"] for kind in container if kind.endswith("Probe")}
        if component == "migrate":
            assert probes == {}
            continue
        assert probes == {"startupProbe": "/startupz", "livenessProbe": "/livez", "readinessProbe": "/readyz"}
        assert set(probes.values()) <= served
        assert all(container[kind]["httpGet"]["port"] == "http" for kind in probes)


def test_pods_end_in_order(rendered: Rendered) -> None:
    for each in rendered.of("Deployment"):
        spec = each["spec"]["template"]["spec"]
        pause = spec["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"]
        assert pause >= 4
        # Ten seconds for running requests, and some for the writer and the spans.
        assert spec["terminationGracePeriodSeconds"] >= pause + 20
        assert each["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"] == 0


def test_budgets_only_where_there_is_more_than_one(rendered: Rendered) -> None:
    scaled = {
        each["spec"]["scaleTargetRef"]["name"]: each["spec"]
        for each in rendered.of("HorizontalPodAutoscaler", "ScaledObject")
    }
    expected = set()
    for each in rendered.of("Deployment"):
        name = each["metadata"]["name"]
        bounds = scaled.get(name, {})
        assert ("replicas" in each["spec"]) == (not bounds)
        least = each["spec"].get("replicas") or bounds.get("minReplicas") or bounds["minReplicaCount"]
        expected |= {name} if least > 1 else set()
    assert {each["metadata"]["name"] for each in rendered.of("PodDisruptionBudget")} == expected
    for each in rendered.of("PodDisruptionBudget"):
        own = each["spec"]["selector"]["matchLabels"]
        assert [name for name, labels, _ in rendered.pods() if selected(own, labels)] == [each["metadata"]["name"]]


def test_everything_is_denied_and_every_pod_is_under_it(rendered: Rendered) -> None:
    policies = {each["metadata"]["name"]: each["spec"] for each in rendered.of("NetworkPolicy")}
    [deny] = [spec for name, spec in policies.items() if name.endswith("-deny")]
    assert set(deny["policyTypes"]) == {"Ingress", "Egress"}
    assert not deny.keys() & {"ingress", "egress"}
    for name, labels, _ in rendered.pods():
        assert selected(deny["podSelector"]["matchLabels"], labels), name
    for spec in policies.values():
        for rule in spec.get("ingress", []):
            assert rule["from"], "a rule without anyone lets everybody in"
            assert rule["ports"] == [{"port": 8000, "protocol": "TCP"}]


def test_the_chart_asks_for_no_rights_in_kubernetes(rendered: Rendered) -> None:
    assert rendered.of("Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding") == []
    assert all("namespace" not in each["metadata"] for each in rendered.documents)


def test_hooks_need_nothing_the_chart_makes(rendered: Rendered) -> None:
    def hook(each: dict[str, Any]) -> str:
        return str(each["metadata"].get("annotations", {}).get("helm.sh/hook", ""))

    early = [each for each in rendered.documents if hook(each).startswith("pre-install")]
    later = {
        each["metadata"]["name"] for each in rendered.of("Secret", "ConfigMap", "ServiceAccount") if each not in early
    }
    jobs = [each for each in early if each["kind"] == "Job"]
    assert bool(jobs) == (rendered.name != "small")
    for job in jobs:
        spec = job["spec"]["template"]["spec"]
        assert "serviceAccountName" not in spec
        assert {secret for secret, _ in files_of(spec).values()} & later == set()
        for each in early:
            if each["kind"] == "Secret":
                assert int(each["metadata"]["annotations"]["helm.sh/hook-weight"]) < int(
                    job["metadata"]["annotations"]["helm.sh/hook-weight"]
                )


def test_pods_of_other_workloads_are_tied_to_an_account_that_is_made(rendered: Rendered) -> None:
    made = {each["metadata"]["name"] for each in rendered.of("ServiceAccount")}
    for each in rendered.of("Deployment"):
        assert each["spec"]["template"]["spec"]["serviceAccountName"] in made


def test_ingress_and_gateway_lead_to_the_apis_over_tls_and_never_to_probes(production: Rendered) -> None:
    services = {each["metadata"]["name"] for each in production.of("Service")}
    [ingress] = production.of("Ingress")
    assert set(ingress["spec"]["tls"][0]["hosts"]) == {rule["host"] for rule in ingress["spec"]["rules"]}
    paths = [path for rule in ingress["spec"]["rules"] for path in rule["http"]["paths"]]
    assert {path["backend"]["service"]["name"] for path in paths} <= services
    assert {path["path"] for path in paths} == {"/api", "/docs", "/problems"}
    [gateway] = production.of("Gateway")
    assert {each["protocol"] for each in gateway["spec"]["listeners"]} == {"HTTPS"}
    for route in production.of("HTTPRoute"):
        assert route["spec"]["parentRefs"] == [{"name": gateway["metadata"]["name"]}]
        assert {each["name"] for rule in route["spec"]["rules"] for each in rule["backendRefs"]} <= services


def test_keda_looks_at_the_consumers_the_services_make(production: Rendered) -> None:
    triggers = {
        (trigger["metadata"]["stream"], trigger["metadata"]["consumer"])
        for each in production.of("ScaledObject")
        for trigger in each["spec"]["triggers"]
    }
    assert triggers == {("EVT_REGISTRATION", "programme-registration"), ("EVT_PROGRAMME", "registration-programme")}


def test_the_small_profile_runs_all_roles_in_one_pod_a_service(small: Rendered) -> None:
    roles = {
        each["metadata"]["name"]: each["spec"]["template"]["spec"]["containers"][0]["args"]
        for each in small.of("Deployment")
    }
    assert roles == {
        "demo-interpares-programme-api": ["api", "worker"],
        "demo-interpares-registration-api": ["api", "worker"],
    }
    assert {each["spec"]["replicas"] for each in small.of("Deployment")} == {1}
    assert [each["metadata"]["name"] for each in small.of("Job")] == [
        "demo-interpares-programme-migrate-1",
        "demo-interpares-registration-migrate-1",
    ]


def test_services_hear_each_other_where_the_chart_puts_them(rendered: Rendered) -> None:
    names = {each["metadata"]["name"] for each in rendered.of("Service")}
    for _, service, _, container in processes(rendered):
        [feeds] = [json.loads(each["value"]) for each in container["env"] if each["name"] == "INTERPARES_FEED_URLS"]
        assert feeds.keys() == SETTINGS.keys() - {service}
        for url in feeds.values():
            assert url.removeprefix("http://").removesuffix(":8000") in names


def test_hostile_values_stay_in_their_place() -> None:
    values = values_of("hostile")
    rendered = render(values)
    for _, service, spec, container in processes(rendered):
        env = {each["name"]: each.get("value") for each in container["env"]}
        assert env["INTERPARES_OIDC_ISSUER"] == values["oidc"]["issuer"]
        assert env["INTERPARES_OIDC_JWKS_URL"] == values["oidc"]["jwksUrl"]
        assert env["INTERPARES_OIDC_AUDIENCE"] == "null"
        assert "runAsUser" not in spec["securityContext"]
        if service == "registration":
            assert json.loads(env["INTERPARES_SERVICE_SUBJECTS"] or "") == [
                values["services"]["programme"]["client"]["subject"]
            ]
        if "--operator" in container["args"]:
            assert container["args"] == ["migrate", "--operator", values["services"]["registration"]["operator"]]
    notes = [each["spec"]["template"]["metadata"]["annotations"]["note"] for each in rendered.of("Deployment")]
    assert set(notes) == {values["podAnnotations"]["note"]}


def test_notes_say_the_next_step_and_what_is_missing() -> None:
    bare = render({})
    assert "MISSING: oidc.issuer" in bare.notes
    assert "Nobody operates the platform yet" in bare.notes
    small = render(values_of("small"))
    assert "MISSING" not in small.notes
    assert "programme.databaseUrl" in small.notes
    assert "helm test demo --namespace prod" in small.notes
    assert "https://programme.example.org/docs" in render(values_of("production")).notes


@pytest.mark.parametrize(
    "unknown",
    [
        {"replicas": 3},
        {"oidc": {"isuer": "https://x"}},
        {"services": {"programme": {"secrets": {"databaseUrl": {"existingSecrets": "x"}}}}},
        {"services": {"scheduling": {}}},
        {"services": {"programme": {"api": {"replica": 2}}}},
        {"profile": "tiny"},
        {"streams": {"replicas": 0}},
        {"logLevel": "LOUD"},
        {"api": {"replicas": "2"}},
        {"services": {"registration": {"keep": {"readsDays": 0}}}},
        {"services": {"programme": {"keep": {"readsDays": 30}}}},
    ],
)
def test_values_nobody_knows_are_refused(unknown: dict[str, Any]) -> None:
    with pytest.raises(helm_python.HelmError):
        render(unknown)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"ingress": {"enabled": True}}, "none of services.*.host is given"),
        (
            {"gateway": {"enabled": True}, "services": {"programme": {"host": "a.example.org"}}},
            "gateway.className is missing",
        ),
        (
            {"services": {"registration": {"keep": {"needsDays": 400}}}},
            "services.registration.keep: needsDays must not exceed participantsDays",
        ),
    ],
)
def test_what_cannot_work_is_refused_with_the_values_name(wrong: dict[str, Any], told: str) -> None:
    with pytest.raises(helm_python.HelmError, match=re.escape(told)):
        render(wrong)


def test_the_schema_closes_every_object() -> None:
    def open_objects(schema: dict[str, Any], path: str) -> list[str]:
        found = [path] if "properties" in schema and schema.get("additionalProperties") is not False else []
        for name, each in schema.get("properties", {}).items():
            found += open_objects(each, f"{path}.{name}")
        return found

    schema = json.loads((CHART / "values.schema.json").read_text(encoding="utf-8"))
    assert open_objects(schema, "") == []


def test_every_component_tells_its_metrics_where_they_are_scraped(production: Rendered) -> None:
    [monitor] = production.of("ServiceMonitor")
    chosen = [
        each
        for each in production.of("Service")
        if selected(monitor["spec"]["selector"]["matchLabels"], each["metadata"]["labels"])
    ]
    assert len(chosen) == 4
    assert {each["targetLabel"] for each in monitor["spec"]["endpoints"][0]["relabelings"]} == {"service", "role"}


def sorted_rights(rights: dict[str, Any]) -> dict[str, Any]:
    return {kind: sorted(may) if isinstance(may, list) else may for kind, may in rights.items()}


def test_the_values_for_nats_give_each_user_the_rights_the_services_need() -> None:
    values = yaml.safe_load((CHART / "examples/nats-values.yaml").read_text(encoding="utf-8"))
    users = values["config"]["merge"]["accounts"]["PLATFORM"]["users"]
    given = {each["user"]: sorted_rights(each["permissions"]) for each in users}
    wanted = {name: of_service(name, SETTINGS.keys() - {name}) for name in SETTINGS} | {"operator": of_operator()}
    assert given == {name: sorted_rights(rights) for name, rights in wanted.items()}
    # Passwords come from a Secret, by the environment of the server.
    variables = {each["password"] for each in users}
    assert variables == {f"<< ${name} >>" for name in values["container"]["env"]}


def test_the_cluster_for_cloudnative_pg_has_a_database_and_two_roles_for_each_service() -> None:
    documents = list(yaml.safe_load_all((CHART / "examples/cloudnative-pg.yaml").read_text(encoding="utf-8")))
    [cluster] = [each for each in documents if each["kind"] == "Cluster"]
    roles = {each["name"] for each in cluster["spec"]["managed"]["roles"]}
    assert roles == {f"{name}_{role}" for name in SETTINGS for role in ("owner", "service")}
    databases = {each["spec"]["name"]: each["spec"]["owner"] for each in documents if each["kind"] == "Database"}
    assert databases == {name: f"{name}_owner" for name in SETTINGS}
