"""From a model and a table to the matrices of the model: y, X, and the groups and effects of each term."""

from mmgui.engine.build.assemble import build_design

__all__ = ["build_design"]
