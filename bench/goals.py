"""The goals, as ratios in one run where there is something to compare with."""

from __future__ import annotations

from bench.figures import Goal
from bench.suites.registration import PAGES
from bench.suites.relay import AS_IT_COMES, SYNCING

GOALS = (
    Goal(
        "group append at 128 callers ÷ raw single-insert connection",
        "append",
        "append, 128 callers",
        "raw insert, 1 connection",
        ">=",
        12,
    ),
    Goal(
        "group append at 8 callers ÷ stock save() with 8 threads",
        "append",
        "append, 8 callers",
        "stock save(), 8 threads",
        ">=",
        5,
    ),
    Goal(
        "group append at 1 caller ÷ stock save() with 1 thread",
        "append",
        "append, 1 caller",
        "stock save(), 1 thread",
        ">=",
        1,
    ),
    Goal(
        "32 callers on one aggregate ÷ stock save() with retries on one aggregate",
        "append",
        "commands on one aggregate, 32 callers",
        "stock save() with retries on one aggregate, 32 threads",
        ">=",
        20,
    ),
    Goal("HTTP command at 32 ÷ hello behind the same middleware", "http", "command", "hello", ">=", 0.5),
    *(
        Goal(
            f"relay ÷ raw asynchronous publishing, same window, {how}",
            "relay",
            f"relay, {how}",
            f"raw asynchronous publishing, {how}",
            ">=",
            0.6,
        )
        for how in (SYNCING, AS_IT_COMES)
    ),
    Goal(
        "10,000-event aggregate load ÷ 10-event load", "load", "Counter, 10,000 events", "Counter, 10 events", "<=", 1.5
    ),
    Goal(
        "10,000-event aggregate load ÷ 10-event load, Programme",
        "load",
        "Programme, 10,000 events",
        "Programme, 10 events",
        "<=",
        1.5,
    ),
    Goal("latency p50 at 150/s ÷ bare pipe", "latency", "Interpares p50 at 150/s", "bare pipe p50 at 150/s", "<=", 2),
    Goal("latency p99 at 150/s ÷ bare pipe", "latency", "Interpares p99 at 150/s", "bare pipe p99 at 150/s", "<=", 2),
    Goal("view rebuild, decision log", "views", "decision_log", "", ">=", 10_000),
    Goal("view rebuild, duty ledger", "views", "duty_ledger", "", ">=", 10_000),
    *(
        Goal(
            f"{page} of 10,000 organisations ÷ of 100, p95",
            "registration",
            f"{page} of a large directory",
            f"{page} of a small directory",
            "<=",
            5,
        )
        for page in PAGES
    ),
    Goal("import of organisations, rows a second", "registration", "import", "", ">=", 1_000),
    Goal("idle memory per service process, the largest", "footprint", "idle memory, the largest (RSS)", "", "<=", 130),
)
