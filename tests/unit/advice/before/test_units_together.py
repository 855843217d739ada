"""What is said of effects within units where there are several kinds of units (E6, E7, E8)."""

from __future__ import annotations

import pytest
from effect_runs import fixes, say

from mmgui.data.read import read_text
from mmgui.data.table import Table


def _forest(plots: int = 8) -> Table:
    """Trees in plots, each measured on five days; half of each plot's trees are pruned on two of them."""
    lines = ["plot,tree,day,pruned,kind,size"]
    for plot in range(plots):
        for tree in range(4):
            for day in range(5):
                for again in range(2):
                    pruned = "yes" if (day + tree) % 2 else "no"
                    size = (
                        3 + day * (1 + plot / 9) + tree / 5 + (plot * 7 + tree * 3 + day * 5 + again) % 11 / 7
                    )
                    lines.append(f"p{plot},p{plot}t{tree},{day},{pruned},{'ab'[plot % 2]},{size:.3f}")
    return read_text("\n".join(lines) + "\n", "forest")


FOREST = _forest()


def test_units_in_units_are_named_in_one_sentence() -> None:
    (finding,) = say("E6", "size ~ day + (1 | plot/tree)", FOREST)
    assert finding.text.startswith("day varies within groups of plot and plot:tree, and the model takes")
    assert (finding.about, finding.terms) == (("day", "plot", "plot:tree"), (0, 1))
    assert [label for label, _ in fixes(finding)] == [
        "Let the effect of day differ by plot",
        "Let the effect of day differ by plot:tree",
    ]


@pytest.mark.parametrize("rule", ["E6", "E7"])
def test_a_slope_of_the_larger_units_is_enough(rule: str) -> None:
    """The test of the average slope goes by the plots then, whatever differs between the trees of one."""
    assert not say(rule, "size ~ day * kind + (day | plot) + (1 | plot:tree)", FOREST)


def test_e7_names_units_in_units_in_one_sentence() -> None:
    (finding,) = say("E7", "size ~ day * kind + (1 | plot/tree)", FOREST)
    assert finding.about == ("day:kind", "plot", "plot:tree")


def test_few_units_are_not_asked_to_differ_in_their_effects() -> None:
    """Of four plots G7 says that they be fixed effects."""
    (finding,) = say("E6", "size ~ day + (1 | plot/tree)", _forest(4))
    assert finding.about == ("day", "plot:tree")


def test_an_interaction_with_the_unit_itself_lets_the_effect_differ() -> None:
    """kind:day says how the effect of kind differs from day to day."""
    assert not [f for f in say("E7", "size ~ kind * day + (1 | day)", FOREST) if "day" in f.about]


def test_also_where_the_fixed_effect_is_of_the_unit_centred() -> None:
    table = read_text(
        "day,centred,kind,y\n"
        + "\n".join(
            f"{d},{d - 4.5},{'ab'[k % 2]},{(d * 7 + k * 5) % 11}" for d in range(10) for k in range(8)
        ),
        "days",
    )
    assert say("E6", "y ~ kind + centred + (1 | day)", table)
    assert not say("E7", "y ~ kind * centred + (1 | day)", table)


def test_crossings_and_slopes_of_one_factor_are_not_mixed() -> None:
    """(1 | pruned:plot) beside the slopes of day * pruned would be the slope of pruned a second time."""
    (finding,) = say("E7", "size ~ day * pruned + pruned * kind + (1 | plot)", FOREST)
    for _, formula in fixes(finding):
        assert "(1 | pruned:plot)" not in formula


def test_the_same_units_under_two_names_are_spoken_of_once() -> None:
    (finding,) = say("E6", "size ~ day + (1 | plot:tree) + (1 | tree)", FOREST)
    assert finding.about == ("day", "plot:tree")


def test_e7_does_not_repeat_the_interaction_that_is_tested() -> None:
    (finding,) = say("E7", "size ~ day * pruned + (day | tree)", FOREST)
    assert finding.text == (
        "The test of day:pruned takes this interaction, which varies within groups of tree, to be alike in "
        "all of them: where it is not, the test is too optimistic."
    )


def test_what_asks_for_more_than_the_units_have_is_offered_as_straight_lines() -> None:
    (finding,) = say("E6", "size ~ poly(day, 3) + (1 | plot)", FOREST)
    assert fixes(finding) == [("Let the effect of day differ by plot", "size ~ poly(day, 3) + (day | plot)")]


def test_or_without_correlations() -> None:
    """Four effects of eight plots would have ten (co)variances."""
    (finding,) = say("E7", "size ~ day * pruned + (1 | plot)", FOREST)
    (label, formula) = fixes(finding)[0]
    assert label == "Let the effect of day:pruned differ by plot, uncorrelated"
    assert formula == "size ~ day * pruned + diag(day * pruned | plot)"


def test_e8_names_both_units() -> None:
    table = read_text(
        "subj,item,a,b,y\n"
        + "\n".join(
            f"s{s},i{i},{'pq'[(s + i) % 2]},{'uv'[(s + i) // 2 % 2]},{(s * 7 + i * 5) % 13}"
            for s in range(8)
            for i in range(16)
        ),
        "both",
    )
    (finding,) = say("E8", "y ~ a * b + (1 | subj) + (1 | item)", table)
    assert finding.text == (
        "a and b both vary within each subj and each item, and (1 | subj) + (1 | item) let only the level "
        "differ: every subj and item would respond to them alike."
    )
    assert len(finding.fixes) == 2
