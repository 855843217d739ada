"""mmgui: build, fit and see linear mixed-effects models."""

__version__ = "0.1.0"
