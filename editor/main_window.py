"""The main window: the canvas in the middle, panels around it, and one desk with the open circuit."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QCloseEvent, QDesktopServices, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QMainWindow

from editor.bridge import Bridge
from editor.document.document import Document
from editor.document.news import News
from editor.document.told import Told
from editor.drawing import placing
from editor.drawing.next_drawn import NextDrawn
from editor.drawing.next_menu import offer
from editor.drawing.workbench import Workbench
from editor.feed import Feed
from editor.files.ages import Ages
from editor.files.doors import FileDoors
from editor.files.exchange import Exchange
from editor.files.opening import Files
from editor.files.recovery_desk import RecoveryDesk
from editor.finding.command_bar import CommandBar
from editor.finding.commands_found import answer, commands, names
from editor.inspector.panel import InspectorPanel
from editor.ledger.desk import EfficiencyDesk
from editor.palette.panel import PalettePanel
from editor.palette.tool_strip import ToolStrip
from editor.palette.tools import hint
from editor.panels.structure import StructurePanel
from editor.rule_editor.desk import RuleDesk
from editor.selection import Selection
from editor.settings import Settings
from editor.transport.bar import TransportBar
from editor.transport.timeline import Timeline
from editor.window import style
from editor.window.focus import FocusKeys
from editor.window.furniture import Furniture, put_up
from editor.window.header import Header
from editor.window.key_sheet import KeySheet
from editor.window.log_view import LogView
from editor.window.menus import Menus
from editor.window.middle import Middle
from editor.window.network_switches import NetworkSwitches
from editor.window.plots_dock import PlotTabs
from editor.window.status import StatusLine
from editor.window.tab_order import next_standing
from editor.window.theme import THEMES, Theme
from editor.window.wishes import Wishes
from engine.counting import counted

ROOM_TO_READ = 300
"""px the plots get, at least, when one of them is what the circuit is about."""
MOST_FOR_PLOTS = 0.3
"""The share of the window they get for that at most: in a low one the circuit comes first."""
SMALLEST = (720, 480)
ON_START = "Click a picture to open it  ·  Ctrl+K finds every command, model and example by name"
SLOW = 0.01
"""The speed at which circuits of few neurons open, empty ones too: the order of spikes can be seen."""


class MainWindow(QMainWindow):
    """Everything one sees."""

    FULL_SCREEN = Qt.WindowState.WindowFullScreen

    def __init__(self, settings: Settings | None = None, document: Document | None = None) -> None:
        super().__init__()
        self.settings = settings or Settings()
        self.selection = Selection()
        self.next = NextDrawn()
        self.timeline = Timeline()
        self.document = document or Document()
        self.bridge = Bridge(self.document, self)
        self.bench = Workbench(self.document, self.selection, self.next, self.say)
        self.files = Files(self, self.document, self.settings)
        self.recovery = RecoveryDesk(self)
        self.exchange = Exchange(self)
        self.ages = Ages(self)
        self.wishes = Wishes(self)
        self.rule_desk = RuleDesk(self)
        self.efficiency = EfficiencyDesk(self)
        self.canvas: Any = None
        self.start: Any = None
        self.started_in = 0.0
        self._teaches = False
        self.setWindowTitle("Neuropil")
        self.setMinimumSize(*SMALLEST)
        self._build()
        self._join()
        self.furniture.restore()
        self.show_document()
        self.set_speed(self.settings.speed or None)

    # -- making it -----------------------------------------------------------------------------------

    def _build(self) -> None:
        self.header = Header(self)
        self.setMenuWidget(self.header)
        self.middle = Middle(self)
        self.setCentralWidget(self.middle)
        self.tools = ToolStrip(self.next, self)
        self.addToolBar(Qt.ToolBarArea.LeftToolBarArea, self.tools)
        self.palette_panel = PalettePanel(self, self.settings.folded)
        self.inspector = InspectorPanel(self.document, self.selection, self)
        self.transport = TransportBar(self.timeline, self)
        self.plots = PlotTabs(self)
        self.log = LogView(self)
        self.told = Told()
        self.log.hide()  # until it stands among the plots
        self.structure = StructurePanel(style.worn(), self)
        self.docks = put_up(self)
        self.status = StatusLine(self)
        self.setStatusBar(self.status)
        self.feed = Feed(self.document, self.selection, self.timeline, self.plots, self)
        self.switches = NetworkSwitches(self)
        self.command_bar = CommandBar(self)
        self.key_sheet = KeySheet(self)
        self.menus = Menus(self, self.header.menus)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self.focus_keys = FocusKeys(app, self)
        self.doors = FileDoors(self)
        self.furniture = Furniture(self, {"tools": self.tools, **self.docks}, self.settings)

    def _join(self) -> None:
        self.menus.asked.connect(self.perform)
        self.header.searched.connect(self.open_command_bar)
        self.header.chip_asked.connect(self._offer_synapses)
        self.header.theme_asked.connect(self.toggle_theme)
        self.header.help_asked.connect(self.key_sheet.open)
        self.tools.used.connect(self.use_tool)
        self.palette_panel.picked.connect(self.bench.pick)
        self.palette_panel.used.connect(self.use_card)
        self.inspector.refused.connect(self.complain)
        self.inspector.said.connect(self.say)
        self.plots.said.connect(self.say)
        self.plots.asked.connect(self.perform)
        self.plots.chose.connect(self.bench.choose)
        self.plots.wants_edit.connect(self.bench.do)
        self.plots.looked.connect(self.feed.show_training)
        self.plots.looked.connect(self.middle.look_at_training)
        self.plots.passed.connect(self.feed.show_passing)
        self.plots.staged.connect(self.middle.stage)
        self.transport.played.connect(self.toggle)
        self.transport.went_back.connect(self.document.reset)
        self.transport.stepped.connect(self.document.step)
        self.transport.speed_chosen.connect(self.document.set_speed)
        self.transport.looked.connect(self.document.look)
        self.transport.settled.connect(self._settle)
        self.middle.wanted.connect(self.wishes.grant)
        self.middle.ghost.connect(self.wishes.take)
        self.middle.currentChanged.connect(self._make_way)
        self.structure.chosen.connect(self.bench.choose)
        self.log.chosen.connect(self.bench.choose)
        self.files.opened.connect(self.show_document)
        self.files.said.connect(self.say)
        self.bridge.changed.connect(self._take_in)
        self.bridge.frame_ready.connect(self._show_frame)
        self.bridge.log.connect(self._hear)
        self.bridge.start()
        self.selection.watch(self._show_counts)
        self.next.watch(self._show_next)
        self._show_next()

    def _make_way(self) -> None:
        """The start page stands alone: there is nothing yet that a panel could be about."""
        self.furniture.stand_aside(self.middle.shows_start)
        self._show_next()

    def bring_canvas(self) -> None:
        """Make the canvas, which takes a moment."""
        self.canvas = self.middle.bring_canvas(self.bench)
        self.switches.use_canvas(self.canvas)
        self.feed.use_canvas(self.canvas)

    def show_start(self) -> None:
        """Show the start page in the middle."""
        behind = self.files.title() if self.document.network.neuron_count else ""
        self.middle.show_start(self.settings.recent, self.recovery.known(), behind)

    # -- what is shown -------------------------------------------------------------------------------

    def show_document(self) -> None:
        """Another circuit is open."""
        self.status.go_on()
        self.middle.show_canvas()  # first, so that the panels, the view and the card know their room
        self.selection.clear()
        self.timeline.clear(self.document.t)
        self.bench.start_over()
        self.efficiency.forget()
        self.plots.show_example(self.files.example)
        self.plots.clear_plots()
        self.feed.show_all(fit_view=True)
        self._teaches = False
        self._show_training()
        if plot := self.document.layout.get("plot"):
            self.show_plot(str(plot))
        elif self.files.example is not None and not self._teaches:
            self.plots.reveal("Raster")  # not what the circuit before was about
        self.inspector.show_document(self.document)
        if self.files.example is not None:
            self.set_speed(self.files.example.speed)
        elif self.document.network.neuron_count < placing.FEW:
            self.set_speed(SLOW)
        else:
            self.document.set_speed(self.transport.speed.ratio)
        self.log.clear_log()
        self.told = Told()
        self.middle.take_view(self.document.layout)
        self.middle.show_example(self.files.example)
        self.switches.follow()
        self.refresh()

    def refresh(self) -> None:
        """The circuit, the run, or what can be undone has changed."""
        document = self.document
        if document.is_running:
            self.inspector.refresh_soon()
        else:
            self.inspector.refresh()
        title = self.files.title()
        self.header.show_file(title, document.is_saved, str(document.path or ""))
        self.setWindowTitle(f"{title}{'' if document.is_saved else '*'} – Neuropil")
        self.menus.rename("undo", f"Undo {document.history.undo_label}".strip())
        self.menus.rename("redo", f"Redo {document.history.redo_label}".strip())
        self.transport.show_run(document)
        if self.canvas is not None and self.canvas.chrome.preparing != document.preparing:
            self.canvas.chrome.preparing = document.preparing
            self.canvas.touch()
        self._show_counts()

    def _take_in(self, news: News) -> None:
        self.feed.take_in(news)
        self.rule_desk.follow()
        if news.touches_network:
            if not self.document.is_running:
                self.middle.leave_start()  # what was drawn is to be seen
                self.status.go_on()
            self.structure.follow(self.document.network)
            self.switches.take_in(news)
            self.middle.look(self.document.network, self.document.frame)
            self._show_training()
        self.refresh()

    def _settle(self, t: float) -> None:
        self.document.look(t)
        self.document.go_back()

    def _show_counts(self) -> None:
        net = self.document.network
        said = f"{counted(net.neuron_count, 'neuron')} · {counted(net.synapse_count, 'synapse')}"
        if not self.selection.is_empty:
            said = f"{self.selection.count:,} selected  ·  {said}"
        self.status.show_counts(said)

    def _show_next(self) -> None:
        self.header.chip.say(self.next.synapse.words())
        self.status.show_hint(ON_START if self.middle.shows_start else hint(self.next.tool))

    def _show_frame(self, frame: Any) -> None:
        if self.document.looking is None:  # else clock and strip say which moment one looks at
            self.transport.show_frame(frame)
        self.inspector.show_frame(frame)
        self.feed.show_frame(frame)
        self.structure.show_frame(frame)
        self.middle.look(self.document.network, frame)
        self.log.add(self.told.take(frame, self.document.network))

    def _hear(self, lines: list[Any]) -> None:
        self.feed.hear(lines)
        self.log.add(lines)
        self.transport.strip.refresh()
        for line in lines:
            if line.kind in ("trouble", "pause"):
                self.say(line.text, line.kind == "trouble")

    def say(self, text: str, is_bad: bool = False) -> None:
        """Tell the user something, on the line at the bottom."""
        self.status.say(text, is_bad=is_bad)

    def complain(self, text: str) -> None:
        """Something went wrong that nobody caught."""
        self.say(text, True)

    def show_log_folder(self) -> None:
        """Open the folder of the log with whatever the system shows folders with."""
        import platformdirs

        folder = platformdirs.user_log_dir("neuropil", appauthor=False)
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(folder)):
            self.say(f"The log is in {folder}", False)

    # -- what actions ask ----------------------------------------------------------------------------

    def perform(self, slug: str) -> None:
        """Do an action by its slug, or say why it is not possible now."""
        from editor import actions

        if why := self.menus.why_not(slug):
            self.say(why, True)
            return
        self.status.go_on()
        actions.named(slug).run(self)

    def toggle(self) -> None:
        """Play or pause: a circuit that only learns a task is trained, any other runs in time."""
        network = self.document.network
        if self.middle.beside is not None:
            self.middle.beside.toggle()
            return
        self.middle.leave_start()
        if network.tasks and network.learners and not network.inputs:
            self.plots.reveal("Training")
            self.plots.toggle("Training")
        else:
            self.document.toggle()

    def _show_training(self) -> None:
        """Bring the training to the front when a task has come into the circuit."""
        teaches = bool(self.document.network.tasks)
        if teaches and not self._teaches:
            self.show_plot("Training")
        self._teaches = teaches

    def show_plot(self, title: str) -> None:
        """Bring a plot to the front, with room to read it where the plots are open."""
        self.plots.reveal(title)
        dock = self.docks["plots"]
        room = min(ROOM_TO_READ, round(self.height() * MOST_FOR_PLOTS))
        if dock.isVisible() and dock.height() < room:
            self.resizeDocks([dock], [room], Qt.Orientation.Vertical)

    def use_tool(self, slug: str) -> None:
        """Take a tool in hand."""
        self.next.set(tool=slug)

    def put_down(self) -> None:
        """Escape: back to now, to the circuit, or drop what is being done, the tool, the selection."""
        if self.transport.strip.give_up() or self.document.looking is not None:
            self.document.stop_looking()
            return
        if self.middle.leave_stage() or self.middle.leave_start() or self.middle.leave_beside():
            return
        if self.canvas is not None:
            self.canvas.gesture.cancel(self.canvas)
            self.canvas.setFocus()
        if self.next.tool != "select":
            self.use_tool("select")
        else:
            self.selection.clear()

    def use_card(self, card: Any) -> None:
        """Place a card in the middle of the view, or attach it to what is selected."""
        self.bench.use(card, self.middle_place())

    def middle_place(self) -> tuple[float, float]:
        """The middle of the view, um."""
        if self.canvas is None:
            return 0.0, 0.0
        return self.canvas.to_um((self.canvas.width() / 2, self.canvas.height() / 2))

    def frame_selection(self) -> None:
        """Zoom to what is selected."""
        if self.canvas is not None:
            self.canvas.frame_neurons(self.bench.neurons())

    def zoom(self, factor: float) -> None:
        """Zoom about the middle of the view."""
        if self.canvas is not None:
            self.canvas.zoom_by(factor)

    def set_speed(self, ratio: float | None) -> None:
        """Choose a speed, as on the dial."""
        self.transport.speed.show_speed(ratio)
        self.document.set_speed(ratio)

    def rename_selected(self) -> None:
        """Put the cursor into the heading of the first card."""
        self.furniture.reveal("inspector")
        if not self.inspector.edit_name():
            self.say(
                "Only a whole population, a projection or one attached thing has a name of its own.", True
            )

    def open_command_bar(self, query: str = "", *, names_only: bool = False) -> None:
        """Open the bar that finds everything by name."""
        found = names(self) if names_only else [*commands(self), *names(self)]
        self.command_bar.open(found, query, partial(answer, self))

    def _offer_synapses(self) -> None:
        offer(self.header.chip, self.next)

    # -- theme ----------------------------------------------------------------------------

    def toggle_theme(self) -> None:
        """Change between dark and light."""
        self.set_theme("light" if self.settings.theme == "dark" else "dark")

    def set_theme(self, name: str) -> None:
        """Wear a theme, at once and from now on."""
        self.settings.theme = name
        theme: Theme = THEMES[name]
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        style.wear(app, theme)
        self.plots.set_theme(theme)
        self.middle.set_theme(theme)
        self.switches.set_theme(theme)
        self.structure.set_theme(theme)
        self.rule_desk.wear()

    def focusNextPrevChild(self, next: bool) -> bool:
        """Tab goes through the window as it stands, whatever was made when."""
        docks = [one for dock in self.docks.values() for one in (dock.titleBarWidget(), dock)]
        regions = [self.middle, self.header, self.tools, *docks]
        target = next_standing(regions, self.inspector, self.inspector.stops(), next)
        if target is None:
            return bool(super().focusNextPrevChild(next))
        target.setFocus(Qt.FocusReason.TabFocusReason if next else Qt.FocusReason.BacktabFocusReason)
        return True

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.furniture.shown()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.command_bar.isVisible():
            self.command_bar.place()
        self.key_sheet.setGeometry(self.rect())
        self.furniture.widen()

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.files.may_leave():
            event.ignore()
            return
        self.settings.folded = self.palette_panel.folded
        self.settings.speed = self.transport.speed.ratio or 0.0
        if wrong := self.furniture.remember():
            self.say(wrong, True)
        self.middle.end_beside()
        self.rule_desk.close()
        self.efficiency.forget()
        self.plots.clear_plots()
        self.structure.close_thread()
        self.recovery.close()
        self.bridge.close()
        event.accept()
