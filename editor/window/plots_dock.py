"""The tabs below the canvas: one per plot, each made when it is first looked at.

A plot that has nothing to do with the circuit that is open waits in the menu at the end of the row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMenu,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QTabBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from editor.window.style import keyboard_only, put_icon, worn
from editor.window.theme import Theme

if TYPE_CHECKING:
    from editor.plots.base import Plot
    from engine.live.frame import Frame


class Page(QScrollArea):
    """Holds one plot; where that needs more room than there is it is scrolled, and the window not widened."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def minimumSizeHint(self) -> QSize:
        """Next to nothing: what is in it is scrolled."""
        return QSize(40, 40)


class PlotTabs(QWidget):
    """Holds the plots; `head`, the row of tabs (`bar`) with its menu, stands in the heading of the dock."""

    said = Signal(str, bool)
    """News for the status line, and whether it is bad."""
    asked = Signal(str)
    """The slug of an action somebody clicked in a plot."""
    chose = Signal(object)
    """Ids of what somebody clicked in a plot: to be selected."""
    wants_edit = Signal(object)
    """An edit of the network, or in words why there is none."""
    passed = Signal(object)
    """What a phase of a training sent over which synapses."""
    looked = Signal(object, object)
    """A frame of a training, for the canvas."""
    staged = Signal(object)
    """A widget that takes the place of the canvas; None gives the canvas back."""
    made = Signal()
    """There is one more plot, which may want more in every frame."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Plots")
        self.setMinimumHeight(80)
        self.bar = QTabBar(self)
        self.bar.setDrawBase(False)
        self.bar.setExpanding(False)
        self.bar.setUsesScrollButtons(True)
        self.bar.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.bar.setAccessibleName("Plots")
        self.more = QToolButton(self)
        put_icon(self.more, "fa6s.ellipsis", "muted", 12)
        self.more.setToolTip("More plots")
        self.more.setAccessibleName("More plots")
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setMenu(QMenu(self.more))
        keyboard_only(self.more)
        self.head = QWidget(self)
        row = QHBoxLayout(self.head)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.bar)
        row.addWidget(self.more)
        self.pages = QStackedWidget(self)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.pages)
        self.network: Any = None
        self.example: Any = None
        self.kinds: list[type[Plot]] = []
        self.plots: dict[int, Plot] = {}
        self._watched: dict[str, Any] = {}
        self._told: dict[type, object] = {}
        self._asked_for: set[int] = set()
        """The tabs somebody brought to the front, whether or not they have to do with the circuit."""
        self._left_out: set[int] | None = None
        """The tabs that stand in the menu instead; None before they were sorted."""
        self.bar.currentChanged.connect(self.pages.setCurrentIndex)
        self.bar.currentChanged.connect(self._look)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(30)
        self._rest.timeout.connect(self._make_one)

    def fill(self) -> None:
        """Add a tab for every plot there is; imports the plotting library, so after the window is up."""
        from editor.plots import kinds

        if self.kinds:
            return
        self.kinds = kinds()
        for kind in self.kinds:
            self.add(Page(self), kind.title, kind.hint)
        self._sort_out()
        self._look(self.bar.currentIndex())

    def add(self, widget: QWidget, title: str, hint: str = "") -> None:
        """Add a tab, of a plot or of anything else, such as the log."""
        self.pages.addWidget(widget)
        at = self.bar.addTab(title)
        self.bar.setTabToolTip(at, hint)

    def follow(self, network: Any) -> None:
        """Which network the frames are of; again when its structure changed."""
        self.network = network
        self._sort_out()
        for plot in self.plots.values():
            plot.follow(network)

    def _sort_out(self) -> None:
        """Show the tabs that have to do with the circuit, and list the others in the menu."""
        left_out = {at for at in range(len(self.kinds)) if not self._belongs(at)}
        if left_out == self._left_out:
            return
        self._left_out = left_out
        menu = self.more.menu()
        assert menu is not None
        menu.clear()
        for at, kind in enumerate(self.kinds):
            self.bar.setTabVisible(at, at not in left_out)
            if at in left_out:
                entry = menu.addAction(kind.title)
                entry.setToolTip(kind.hint)
                entry.triggered.connect(lambda _=False, title=kind.title: self.reveal(title))
        self.bar.setTabText(0, self.bar.tabText(0))  # it lays its tabs out anew; hiding one leaves a hole
        self.more.setVisible(bool(left_out))

    def _belongs(self, at: int) -> bool:
        """Whether a tab is shown: it was asked for, is in front, or has to do with the circuit."""
        kept = at in self._asked_for or at == self.bar.currentIndex()
        return kept or self.network is None or self.kinds[at].concerns(self.network)

    def show_example(self, example: Any) -> None:
        """Which example of the gallery is open, if it is one: some can be measured in ways of their own."""
        self.example = example
        for plot in self.plots.values():
            plot.example = example

    def watch(self, neurons: Any, synapses: Any) -> None:
        """What is selected: some plots show it besides, or instead of, what they show anyway."""
        self._watched = {"neuron": neurons, "synapse": synapses}
        for plot in self.plots.values():
            self._let_watch(plot)

    def _let_watch(self, plot: Any) -> None:
        found = self._watched.get(getattr(plot, "watches", ""))
        if found is not None:
            plot.watch(found)

    def show_frame(self, frame: Frame) -> None:
        """Hand a frame to every plot; the first has the rest made, so that they remember from the start."""
        if len(self.plots) < len(self.kinds) and not self._rest.isActive():
            self._rest.start()
        for plot in self.plots.values():
            plot.show_frame(frame)

    def wants(self) -> set[str]:
        """The quantities that the plots made so far would like in every frame."""
        return {name for plot in self.plots.values() for name in getattr(plot, "wants", ())}

    def hear(self, message: object) -> None:
        """Hand news of the run to every plot."""
        for plot in self.plots.values():
            plot.hear(message)

    def clear_plots(self) -> None:
        """Forget everything drawn: another circuit, or back to t = 0."""
        self._told.clear()
        self._asked_for.clear()
        self._sort_out()
        for plot in self.plots.values():
            plot.clear()

    def set_theme(self, theme: Theme) -> None:
        """Wear other colours."""
        for plot in self.plots.values():
            plot.set_theme(theme)

    def reveal(self, title: str) -> None:
        """Bring the tab with this title to the front."""
        for at in range(self.bar.count()):
            if self.bar.tabText(at).lower() == title.lower():
                self._asked_for.add(at)
                self.bar.setTabVisible(at, True)
                self.bar.setCurrentIndex(at)
                self._sort_out()

    def toggle(self, title: str) -> None:
        """Start or stop what the plot with this title does by itself, as its own button does."""
        for plot in self.plots.values():
            if plot.title == title and hasattr(plot, "toggle"):
                plot.toggle()

    def _make_one(self) -> None:
        waiting = [at for at in range(len(self.kinds)) if at not in self.plots]
        if waiting:
            self._look(waiting[0])
        if len(waiting) > 1:
            self._rest.start()

    def _look(self, at: int) -> None:
        if not 0 <= at < len(self.kinds) or at in self.plots:
            return
        plot = self.kinds[at](worn())
        page = self.pages.widget(at)
        assert isinstance(page, Page)
        page.setWidget(plot)
        plot.failed.connect(self._failed)
        plot.saved.connect(self._saved)
        plot.asked.connect(self.asked)
        plot.chose.connect(self.chose)
        plot.wants_edit.connect(self.wants_edit)
        plot.looked.connect(self.looked)
        plot.passed.connect(self.passed)
        plot.staged.connect(self.staged)
        plot.told.connect(self._tell)
        self.plots[at] = plot
        plot.example = self.example
        if self.network is not None:
            plot.follow(self.network)
        self._let_watch(plot)
        for message in self._told.values():
            plot.hear(message)
        self.made.emit()

    def _tell(self, message: object) -> None:
        """News one plot has for the others, and for those that are made later."""
        self._told[type(message)] = message
        self.hear(message)

    def _failed(self, why: str) -> None:
        self.said.emit(why, True)

    def _saved(self, path: str) -> None:
        self.said.emit(f"Saved {path}", False)
