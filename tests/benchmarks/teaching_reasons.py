"""Why figures differ from the reference: named cases, filled in with what the script measured."""

REASONS = {
    "lme4 stopped short": "lme4 stopped short: its θ lies {excess:.1e} above ours in the criterion",
    "refits stopped short": (
        "lme4's refits without a subject stopped short, by up to {excess:.1e} in the criterion"
    ),
    "not identified": (
        "not identified: a direction of θ leaves the criterion as it is (at lme4's θ {excess:+.1e}), so "
        "every point along it is an optimum"
    ),
    "no denominator": (
        "neither says anything: the hypothesis has {df:.0f} df among {groups} groups, Kenward and Roger's "
        "moments make λ and the denominator df 0, and both programs divide rounding by rounding"
    ),
    "p magnifies": (
        "p magnifies small differences: statistic and df agree (relative differences up to {statistic:.0e} "
        "and {df:.0e}), and each p is that of its own; lme4's θ lies {excess:.1e} above ours in the criterion"
    ),
    "bound of the mixture": (
        "several variances begin at 0 at once: the weights depend on the design and the reference gives "
        "none; ours, {ours}, is never too optimistic"
    ),
    "insight loses the slope": (
        "another definition: insight 0.19 takes the columns of X for Z and so loses a slope that has no "
        "fixed counterpart; the reference says so itself, and its own correct value is ours"
    ),
    "p of a statistic of 0": (
        "another definition: RLRsim counts simulated statistics above the observed one, ours those at least "
        "as large, so that a statistic of 0 has p = 1 and not 1 - P(0)"
    ),
}
