"""The pages of the results, in their order."""

from __future__ import annotations

from mmgui.ui.covariance_page import CovariancePage
from mmgui.ui.equation_page import EquationPage
from mmgui.ui.groups_page import GroupsPage
from mmgui.ui.landscape_page import LandscapePage
from mmgui.ui.origin_page import OriginPage
from mmgui.ui.profile_page import ProfilePage
from mmgui.ui.residuals_page import ResidualsPage
from mmgui.ui.results_page import ResultsPage
from mmgui.ui.shrinkage_page import ShrinkagePage
from mmgui.ui.summary_page import SummaryPage
from mmgui.ui.trace_page import TracePage

PAGES: tuple[type[ResultsPage], ...] = (
    SummaryPage,
    GroupsPage,
    ShrinkagePage,
    CovariancePage,
    LandscapePage,
    OriginPage,
    ResidualsPage,
    ProfilePage,
    EquationPage,
    TracePage,
)
