"""Alerts and dashboards: every figure is one that is told, every alert is tried and has its runbook."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from interpares.common.telemetry import REGISTRY

ROOT = Path(__file__).resolve().parents[2]
OBSERVED = ROOT / "deploy/observability"
RULES: dict[str, Any] = yaml.safe_load((OBSERVED / "prometheus/rules.yaml").read_text(encoding="utf-8"))
TESTS: dict[str, Any] = yaml.safe_load((OBSERVED / "prometheus/rules.test.yaml").read_text(encoding="utf-8"))
EACH = [rule for group in RULES["groups"] for rule in group["rules"]]
ALERTS = {rule["alert"]: rule for rule in EACH if "alert" in rule}
RECORDED = {rule["record"] for rule in EACH if "record" in rule}
DASHBOARDS = sorted((OBSERVED / "grafana/dashboards").glob("*.json"))
RUNBOOKS = ROOT / "docs/runbooks"
# Told by others than our services: Prometheus itself, the kubelet, the node exporter.
FOREIGN = {"up"} | {
    "kubelet_volume_stats_available_bytes",
    "kubelet_volume_stats_capacity_bytes",
    "node_filesystem_avail_bytes",
    "node_filesystem_size_bytes",
}
SAMPLED = ("_total", "_bucket", "_sum", "_count")


def told() -> set[str]:
    """Return the names of all figures as Prometheus sees them."""
    names = set()
    for metric in REGISTRY.collect():
        kind = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count")}.get(metric.type, ("",))
        names |= {f"{metric.name}{suffix}" for suffix in kind}
    # The process collector tells nothing of these outside Linux.
    return names | {"process_resident_memory_bytes", "process_cpu_seconds_total"}


def used(expression: str) -> set[str]:
    return set(re.findall(r"\b(?:service:)?(?:interpares|process|kubelet|node)_[a-z0-9_:]+|\bup\b", expression))


def panels() -> list[tuple[str, str]]:
    """Return title and expression of everything the dashboards ask."""
    found = []
    for path in DASHBOARDS:
        for panel in json.loads(path.read_text(encoding="utf-8"))["panels"]:
            found += [(f"{path.stem}: {panel['title']}", target["expr"]) for target in panel["targets"]]
    return found


def test_every_figure_in_alerts_and_dashboards_is_told_by_somebody() -> None:
    known = told() | RECORDED | FOREIGN
    asked = {rule.get("alert", rule.get("record")): used(rule["expr"]) for rule in EACH}
    asked |= {title: used(expression) for title, expression in panels()}
    assert all(asked.values())
    assert {name: figures - known for name, figures in asked.items() if figures - known} == {}


def test_every_figure_of_ours_is_on_a_dashboard() -> None:
    shown = set().union(*(used(expression) for _, expression in panels()))
    ours = {name for name in told() if name.startswith("interpares_")}
    bare = {name.removesuffix(suffix) for name in shown for suffix in SAMPLED if name.endswith(suffix)} | shown
    assert {name for name in ours if not {name, *(name.removesuffix(suffix) for suffix in SAMPLED)} & bare} == set()


@pytest.mark.parametrize("alert", ALERTS)
def test_every_alert_is_tried_and_has_its_runbook(alert: str) -> None:
    rule = ALERTS[alert]
    assert rule["annotations"]["runbook_url"] == f"docs/runbooks/{alert}.md"
    assert rule["labels"]["severity"] in {"warning", "critical"}
    fired = [each["alertname"] for test in TESTS["tests"] for each in test["alert_rule_test"] if each.get("exp_alerts")]
    assert alert in fired
    page = (RUNBOOKS / f"{alert}.md").read_text(encoding="utf-8")
    for part in (f"# {alert}\n", "**Symptom.**", "## Checks", "## Remedy", "## Tried"):
        assert part in page
    # What it says was tried stands where it says.
    for path in re.findall(r"`((?:libs|services|tests|chaos)/[^`]+\.py)`", page):
        assert (ROOT / path).is_file(), path
    for link in re.findall(r"\]\(([^)#]+)\)", page):
        assert (RUNBOOKS / link).is_file(), link


def test_no_runbook_is_left_over() -> None:
    assert {path.stem for path in RUNBOOKS.glob("*.md")} - {"README"} == set(ALERTS)


def test_dashboards_can_be_told_apart() -> None:
    uids = [json.loads(path.read_text(encoding="utf-8"))["uid"] for path in DASHBOARDS]
    assert uids == [path.stem for path in DASHBOARDS]
    for path in DASHBOARDS:
        ids = [panel["id"] for panel in json.loads(path.read_text(encoding="utf-8"))["panels"]]
        assert len(ids) == len(set(ids))


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed (Debian: package prometheus)")
def test_promtool_tries_every_alert() -> None:
    promtool = shutil.which("promtool") or ""
    for arguments in (
        ("check", "rules", "rules.yaml"),
        ("check", "config", "prometheus.yaml"),
        ("test", "rules", "rules.test.yaml"),
    ):
        ran = subprocess.run(
            [promtool, *arguments], cwd=OBSERVED / "prometheus", capture_output=True, text=True, timeout=60, check=False
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
