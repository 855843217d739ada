"""The catalogue of rules beside the design's, and every threshold in the open."""

from __future__ import annotations

import json
from pathlib import Path

from mmgui.advice.catalogue import CATALOGUE
from mmgui.advice.thresholds import limits

DESIGN = json.loads((Path(__file__).parents[2] / "data" / "advice_rules.json").read_text(encoding="utf-8"))


def test_every_rule_of_the_design_is_in_the_catalogue_in_its_order() -> None:
    assert [entry.id for entry in CATALOGUE] == [rule["id"] for rule in DESIGN]
    assert len(CATALOGUE) == 59


def test_severities_are_the_designs() -> None:
    # A comparison that is blocked is an error; rank deficiency is told, as the columns are left out.
    ours = {"block": "error", "error/info": "info"}
    for entry, rule in zip(CATALOGUE, DESIGN, strict=True):
        assert entry.severity == ours.get(rule["severity"], rule["severity"]), entry.id


def test_every_threshold_belongs_to_a_rule_and_says_what_it_means_and_whose_it_is() -> None:
    known = {entry.id for entry in CATALOGUE}
    for limit in limits():
        assert limit.rule in known
        assert limit.meaning
        assert limit.source
