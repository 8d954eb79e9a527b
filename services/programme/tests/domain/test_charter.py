from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import pytest

from interpares.programme.domain.charter import (
    Charter,
    Division,
    HostingRule,
    Obtained,
    OnHostLoss,
    Quantifier,
    RoleRule,
    read_charter,
)
from interpares.programme.domain.decision import RuleRef
from interpares.programme.domain.errors import UnknownRole
from interpares.programme.domain.invitees import InviteeRule

if TYPE_CHECKING:
    from services.programme.tests.conftest import Story


def sha(part: object) -> str:
    text = json.dumps(part, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def test_a_charter_knows_each_rule_with_version_and_hash(story: Story) -> None:
    document = story.template(
        strands={"by": "one"},
        roles={"host": story.document["roles"]["host"], "friend": story.document["roles"]["friend"]},
        hosting={
            "visits": {
                **story.document["hosting"]["visits"],
                "formats": [{"format": "tour", "duties": 2}, {"format": "talk"}],
            },
            "finale": {**story.document["hosting"]["finale"], "counts_towards": "visits"},
        },
    )

    charter = read_charter(document, ("all",))

    # What meetings follow is read, and tested, in a chapter of its own.
    assert charter == Charter(
        meetings=charter.meetings,
        template="small",
        version=3,
        hash=sha(document),
        by=Division.ONE,
        strands=("all",),
        call=RuleRef("lifecycle", 3, sha("call")),
        roles={
            "host": RoleRule(
                "host",
                Obtained.SELECTION,
                exclusive=True,
                ref=RuleRef("roles.host", 3, sha(document["roles"]["host"])),
            ),
            "friend": RoleRule(
                "friend",
                Obtained.DECLARATION,
                exclusive=False,
                ref=RuleRef("roles.friend", 3, sha(document["roles"]["friend"])),
            ),
        },
        hosting={
            "visits": HostingRule(
                key="visits",
                quantifier=Quantifier.EACH,
                role="host",
                whole=False,
                formats=("tour", "tour", "talk"),
                on_host_loss=OnHostLoss.REASSIGN,
                counts_towards="",
                invitees=(InviteeRule(),),
                ref=RuleRef("hosting.visits", 3, sha(document["hosting"]["visits"])),
            ),
            "finale": HostingRule(
                key="finale",
                quantifier=Quantifier.ONE_OF,
                role="host",
                whole=True,
                formats=("fair",),
                on_host_loss=OnHostLoss.DECIDE,
                counts_towards="visits",
                invitees=(InviteeRule(),),
                ref=RuleRef("hosting.finale", 3, sha(document["hosting"]["finale"])),
            ),
        },
        rules={
            "lifecycle": sha("call"),
            "strands": sha({"by": "one"}),
            **{f"roles.{key}": sha(role) for key, role in document["roles"].items()},
            **{f"hosting.{key}": sha(rule) for key, rule in document["hosting"].items()},
            **{f"formats.{key}": sha(form) for key, form in document["formats"].items()},
        },
        conditions=json.dumps({"roles": document["roles"]}, sort_keys=True, separators=(",", ":")),
        formats=("fair", "talk", "tour"),
    )


def test_rules_that_count_elsewhere_are_derived_first(story: Story) -> None:
    document = story.multiply(counts_towards="front-runner-meetings")
    assert [rule.key for rule in read_charter(document, ("AT",)).hosting_in_order()] == [
        "conference",
        "award-meeting",
        "follower-meeting",
        "front-runner-meetings",
    ]


def test_a_role_the_template_does_not_have_is_unknown(story: Story) -> None:
    charter = read_charter(story.document, ("AT",))
    assert charter.role("host").key == "host"
    with pytest.raises(UnknownRole):
        charter.role("king")
