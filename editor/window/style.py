"""How Qt's own widgets are dressed: palette, style sheet, fonts and icons, from the tokens of `theme`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QColor, QFont, QIcon, QPainter, QPalette, QPen
from PySide6.QtWidgets import QAbstractButton, QApplication, QStyleFactory, QWidget

from editor.window.style_sheet import SHEET
from editor.window.theme import FONTS, THEMES, Theme, blend

if TYPE_CHECKING:
    from collections.abc import Iterable

THEME_NAME = "neuropil_theme"
ICON = "neuropil_icon"
ROLE = "neuropil_icon_role"
SIZE_TEXT = 13
SIZE_SMALL = 11


def worn() -> Theme:
    """The theme the application wears now; dark before it wears any."""
    app = QApplication.instance()
    return THEMES.get(str(app.property(THEME_NAME)) if app is not None else "", THEMES["dark"])


def wear(app: QApplication, theme: Theme) -> None:
    """Dress the whole application; every window and every icon follows at once."""
    if app.property(THEME_NAME) == theme.name:
        return
    first = app.property(THEME_NAME) is None
    app.setProperty(THEME_NAME, theme.name)
    if first:
        app.setStyle(QStyleFactory.create("Fusion"))
        app.setFont(text_font())
    app.setPalette(palette(theme))
    app.setStyleSheet(sheet(theme))
    _ICONS.clear()
    for widget in app.allWidgets():
        renew_icons([widget, *widget.actions()])


def text_font(size: float = SIZE_TEXT, *, bold: bool = False) -> QFont:
    """The face of the interface, in px."""
    font = QFont()
    font.setFamilies(list(FONTS))
    font.setPixelSize(round(size))
    font.setStyleHint(QFont.StyleHint.SansSerif)
    if bold:
        font.setWeight(QFont.Weight.DemiBold)
    return font


def palette(theme: Theme) -> QPalette:
    """The colours of every widget the style sheet does not name."""
    made = QPalette()
    role = QPalette.ColorRole
    for where, colour in (
        (role.Window, theme.panel),
        (role.WindowText, theme.text),
        (role.Base, field_ground(theme)),
        (role.AlternateBase, theme.panel_raised),
        (role.Text, theme.text),
        (role.PlaceholderText, theme.muted),
        (role.Button, theme.panel_raised),
        (role.ButtonText, theme.text),
        (role.BrightText, theme.accent_text),
        (role.Highlight, theme.accent),
        (role.HighlightedText, theme.accent_text),
        (role.Accent, theme.accent),
        (role.Link, theme.accent),
        (role.LinkVisited, theme.accent),
        (role.ToolTipBase, theme.panel_raised),
        (role.ToolTipText, theme.text),
        (role.Light, theme.panel_raised),
        (role.Midlight, theme.line),
        (role.Mid, theme.line),
        (role.Dark, theme.background_edge),
        (role.Shadow, theme.background_edge),
    ):
        made.setColor(where, QColor(colour))
    faint = QColor(blend(theme.panel, theme.muted, 0.62))
    for where in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, where, faint)
    return made


def field_ground(theme: Theme) -> str:
    """The ground of a field one types into: sunk on dark, washed on light."""
    return blend(theme.background, theme.panel, 0.35) if theme.is_dark else theme.panel_raised


def paint_ground(painter: QPainter, view: QWidget) -> None:
    """The rounded ground that a small picture stands on, in the colours worn now; pale while disabled."""
    theme = worn()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(theme.line), 1))
    painter.setBrush(QColor(field_ground(theme)))
    painter.drawRoundedRect(QRectF(view.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 7, 7)
    if not view.isEnabled():
        painter.setOpacity(0.45)


def hover_ground(theme: Theme) -> str:
    """The ground of a flat button under the pointer."""
    return blend(theme.panel, theme.text, 0.08 if theme.is_dark else 0.06)


def accent_ground(theme: Theme) -> str:
    """The ground of something switched on."""
    return blend(theme.panel, theme.accent, 0.22 if theme.is_dark else 0.16)


def sheet(theme: Theme) -> str:
    """The style sheet: what the palette cannot say, which is mostly corners, gaps and borders."""
    return SHEET.substitute(
        text=theme.text,
        muted=theme.muted,
        panel=theme.panel,
        raised=theme.panel_raised,
        line=theme.line,
        ground=theme.background,
        edge=theme.background_edge,
        field=field_ground(theme),
        hover=hover_ground(theme),
        press=blend(theme.panel, theme.text, 0.15),
        on=accent_ground(theme),
        accent=theme.accent,
        accent_hover=blend(theme.accent, theme.text, 0.18),
        accent_text=theme.accent_text,
        danger=theme.danger,
        warning=theme.warning,
        grip=blend(theme.panel, theme.muted, 0.45),
        grip_hover=blend(theme.panel, theme.muted, 0.8),
        faint=blend(theme.panel, theme.muted, 0.62),
        small=SIZE_SMALL,
        size=SIZE_TEXT,
    )


_ICONS: dict[tuple[str, str], QIcon] = {}


def icon(name: str, role: str = "text") -> QIcon:
    """A drawn icon in the colour of a token (`text`, `muted`, `accent`, ...) of the theme worn now."""
    if (name, role) not in _ICONS:
        import qtawesome

        theme = worn()
        colour = getattr(theme, role)
        _ICONS[name, role] = qtawesome.icon(
            name, color=colour, color_disabled=blend(theme.panel, theme.muted, 0.45), color_on=colour
        )
    return _ICONS[name, role]


def put_icon(wearer: QAbstractButton | QAction, name: str, role: str = "text", size: int = 0) -> None:
    """Give a button or an action an icon that follows the theme."""
    wearer.setProperty(ICON, name)
    wearer.setProperty(ROLE, role)
    wearer.setIcon(icon(name, role))
    if size and isinstance(wearer, QAbstractButton):
        wearer.setIconSize(QSize(size, size))


def renew_icons(wearers: Iterable[QObject]) -> None:
    """Draw again the icons of those that were given one."""
    for wearer in wearers:
        name = wearer.property(ICON)
        if name and isinstance(wearer, QAbstractButton | QAction):
            wearer.setIcon(icon(str(name), str(wearer.property(ROLE))))


def named(widget: Any, name: str) -> Any:
    """Give a widget the object name its style rules and tests find it by; returns the widget."""
    widget.setObjectName(name)
    return widget


def mark(widget: QWidget, **marks: bool | str) -> None:
    """Set properties a style rule asks about, and have the rules read again."""
    changed = False
    for name, value in marks.items():
        if widget.property(name) != value:
            widget.setProperty(name, value)
            changed = True
    if changed:
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def keyboard_only(button: QAbstractButton) -> None:
    """Reached by Tab, but a click leaves the focus where it was, so that Space still plays."""
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
