"""What a rule of the first phase is: something that looks at a model's facts and says what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mmgui.advice.facts import DesignFacts
from mmgui.advice.finding import Finding

Rule = Callable[[DesignFacts], Iterator[Finding]]
