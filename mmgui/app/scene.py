"""What a page of the results shares with the others: the look, and what is picked, hovered and moved."""

from __future__ import annotations

from dataclasses import dataclass, field

from mmgui.app.emphasis import EmphasisModel
from mmgui.app.film import FilmModel
from mmgui.app.ghosts import GhostModel
from mmgui.app.play import PlayModel
from mmgui.app.selection import SelectionModel
from mmgui.app.theme import ThemeModel


@dataclass(frozen=True, eq=False, slots=True)
class Scene:
    """The shared models of one window.

    Attributes
    ----------
    themes
        The look.
    selection
        Picked groups and rows.
    emphasis
        Pieces of the model that the pointer rests on.
    play
        Where the covariance parameters of the model shown have been moved to.
    film
        The film of the fit that is open, if one is.
    ghosts
        The fit without the picked group, where it is known.
    """

    themes: ThemeModel
    selection: SelectionModel
    emphasis: EmphasisModel
    play: PlayModel
    film: FilmModel
    ghosts: GhostModel = field(default_factory=GhostModel)

    def __post_init__(self) -> None:
        self.ghosts.follow(self.selection)

    @staticmethod
    def alone(themes: ThemeModel | None = None, selection: SelectionModel | None = None) -> Scene:
        """A scene without a window, for a page by itself."""
        play = PlayModel()
        return Scene(
            themes if themes is not None else ThemeModel(),
            selection if selection is not None else SelectionModel(),
            EmphasisModel(),
            play,
            FilmModel(play),
        )
