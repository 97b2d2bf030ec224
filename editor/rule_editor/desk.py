"""Where the rule editor meets the circuit: opens its window, and puts what was written into a stack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from engine import registry, written
from engine.network.edits import SetRules
from engine.network.parts import RuleUse

if TYPE_CHECKING:
    from editor.rule_editor.window import RuleEditor


class RuleDesk(QObject):
    """Owns the one window rules are written in, made when it is first asked for."""

    def __init__(self, window: Any) -> None:
        super().__init__(window)
        self.window = window
        self.editor: RuleEditor | None = None

    def open(self, slug: str = "") -> None:
        """Bring the editor to the front, with a rule of this slug if one is given."""
        if self.editor is None:
            from editor.rule_editor.window import RuleEditor

            self.editor = RuleEditor(self.window)
            self.editor.wanted.connect(self.use)
            self.editor.said.connect(self.window.say)
        self.follow()
        chosen = self.window.selection.ids("projection").tolist()
        if chosen:
            self.editor.choose(chosen[0])
        if slug:
            self.editor.show_rule(slug)
        self.editor.show()
        self.editor.raise_()
        self.editor.activateWindow()

    def follow(self) -> None:
        """The circuit changed: other projections may be there."""
        if self.editor is not None:
            self.editor.follow(self.window.document.network)

    def wear(self) -> None:
        """Take the colours of the theme worn now."""
        if self.editor is not None:
            self.editor.wear()

    def close(self) -> None:
        """The window goes, and the editor with it."""
        if self.editor is not None:
            self.editor.close()

    def use(self, slug: str, projection: int) -> None:
        """Put a written rule into a stack, in the place of an earlier version of it if there is one."""
        record = self.window.document.network.projections.get(projection)
        if record is None:
            self.window.say("That projection is gone.", True)
            return
        made = registry.find(slug, "rule")
        stack: list[RuleUse] = []
        put = False
        for use in record.rules:
            earlier = written.text_of(use.slug) and registry.find(use.slug).label == made.label
            if use.slug == slug or earlier:
                kept = {name: value for name, value in use.params.items() if name in made.params}
                if not put:
                    stack.append(RuleUse(slug, kept, use.enabled))
                put = True
            else:
                stack.append(use)
        if not put:
            stack.append(RuleUse(slug))
        if self.window.bench.do(SetRules(projection, tuple(stack))):
            self.window.say(f"{made.label} now acts on {record.label}.", False)
            registry.add(made)  # from now on it is offered for other projections too
            self.window.palette_panel.refill()
