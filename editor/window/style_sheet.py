"""The style sheet of the window, with a name where each colour of the theme goes."""

from string import Template

SHEET = Template("""
QWidget { font-size: ${size}px; }
QMainWindow, QMainWindow > QWidget#heart { background: $ground; }
QMainWindow::separator { background: $edge; width: 4px; height: 4px; }
QMainWindow::separator:hover { background: $accent; }

QToolTip { background: $raised; color: $text; border: 1px solid $line; padding: 5px 7px; }

/* the row at the top */
QWidget#header { background: $panel; border-bottom: 1px solid $line; }
QMenuBar { background: transparent; color: $text; spacing: 1px; padding: 0; border: none; }
QMenuBar::item { background: transparent; padding: 6px 9px; border-radius: 6px; }
QMenuBar::item:selected { background: $hover; }
QMenuBar::item:pressed { background: $on; }
QMenu { background: $raised; color: $text; border: 1px solid $line; padding: 5px; }
QMenu::item { padding: 6px 22px 6px 10px; border-radius: 5px; }
QMenu::item:selected { background: $on; color: $text; }
QMenu::item:disabled { color: $faint; }
QMenu::separator { height: 1px; background: $line; margin: 5px 8px; }
QMenu::icon { padding-left: 8px; }
QMenu::right-arrow { width: 9px; height: 9px; padding-right: 6px; }
QLabel#fileName { color: $text; font-weight: 600; }
QLabel#savedMark { color: $warning; }
QPushButton#searchButton { background: $field; color: $muted; border: 1px solid $line; border-radius: 8px;
    padding: 5px 12px; text-align: left; }
QPushButton#searchButton:hover { border-color: $accent; color: $text; }
QPushButton#searchButton:focus { border-color: $accent; }

/* docks */
QDockWidget { color: $text; }
QWidget#dockTitle { background: $panel; }
QLabel#dockTitleText { color: $muted; font-size: ${small}px; font-weight: 600; letter-spacing: 1px; }
QWidget#panel, QScrollArea#panel, QScrollArea#panel > QWidget > QWidget { background: $panel; }
QScrollArea { border: none; background: transparent; }

/* buttons */
QToolButton { background: transparent; color: $text; border: 1px solid transparent; border-radius: 7px; padding: 4px; }
QToolButton:hover { background: $hover; }
QToolButton:pressed { background: $press; }
QToolButton:checked { background: $on; }
QToolButton:focus { border-color: $accent; }
QToolButton::menu-indicator { image: none; width: 0; }
QToolButton[popupMode="1"] { padding-right: 16px; }
QToolButton::menu-button { border: none; width: 14px; border-radius: 7px; }
QToolButton::menu-button:hover { background: $press; }
QToolButton::menu-arrow { width: 8px; height: 8px; }
QPushButton { background: $raised; color: $text; border: 1px solid $line; border-radius: 7px; padding: 5px 12px; }
QPushButton:hover { background: $hover; border-color: $grip; }
QPushButton:pressed { background: $press; }
QPushButton:focus { border-color: $accent; }
QPushButton:disabled { color: $faint; }
QPushButton[primary="true"] { background: $accent; color: $accent_text; border-color: $accent; font-weight: 600; }
QPushButton[primary="true"]:hover { background: $accent_hover; }
QPushButton[primary="true"]:disabled { background: $raised; color: $faint; border-color: $line; }
QPushButton[link="true"] { color: $accent; padding: 1px 0; border: none; border-radius: 3px; background: transparent;
    text-align: left; }
QPushButton[link="true"]:hover { color: $text; }
QPushButton[link="true"]:focus { background: $on; }
QPushButton[quiet="true"] { background: transparent; border-color: transparent; color: $muted; padding: 4px 8px; }
QPushButton[quiet="true"]:hover { background: $hover; color: $text; }
QPushButton[quiet="true"]:focus { border-color: $accent; }
QPushButton[chip="true"] { background: $field; border: 1px solid $line; border-radius: 13px; padding: 4px 12px;
    color: $text; text-align: left; }
QPushButton[chip="true"]:hover { border-color: $accent; }

/* fields */
QLineEdit, QComboBox, QPlainTextEdit, QAbstractSpinBox { background: $field; color: $text; border: 1px solid $line;
    border-radius: 6px; padding: 3px 7px; selection-background-color: $accent; selection-color: $accent_text; }
QLineEdit:hover, QComboBox:hover { border-color: $grip; }
QLineEdit:focus, QComboBox:focus, QPlainTextEdit:focus, QAbstractSpinBox:focus { border-color: $accent; }
QLineEdit[wrong="true"] { border-color: $danger; }
QLineEdit[mixed="true"] { color: $muted; }
QLineEdit:disabled, QComboBox:disabled { color: $faint; border-color: $line; background: $panel; }
QComboBox { padding-right: 20px; }
QComboBox::drop-down { border: none; width: 20px; }
QComboBox::down-arrow { image: none; }
QComboBox:focus { border-color: $accent; }
QToolButton#reset { padding: 0; border-radius: 4px; }
QComboBox QAbstractItemView { background: $raised; border: 1px solid $line; outline: none; padding: 4px;
    selection-background-color: $on; selection-color: $text; }
QCheckBox { spacing: 8px; background: transparent; }
QCheckBox::indicator { width: 15px; height: 15px; border-radius: 4px; border: 1px solid $grip; background: $field; }
QCheckBox::indicator:hover, QCheckBox:focus::indicator { border-color: $accent; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent; }

/* cards of the inspector */
QFrame#card { background: $raised; border: 1px solid $line; border-radius: 10px; }
QFrame#ruleCard { background: $panel; border: 1px solid $line; border-radius: 9px; }
QFrame#card QScrollArea, QFrame#card QScrollArea > QWidget > QWidget { background: transparent; }
QFrame#ruleCard[off="true"] { background: transparent; border-style: dashed; }
QFrame#ruleCard:focus { border-color: $accent; }
QFrame#plot { background: $field; border: 1px solid $line; border-radius: 7px; }
QLabel { background: transparent; }
QLabel#cardTitle { font-size: 15px; font-weight: 600; }
QLabel#question { font-size: 14px; font-weight: 600; }
QLabel#term, QLabel#small { color: $muted; font-size: ${small}px; }
QLabel#meaning { color: $muted; }
QLabel#section { color: $muted; font-size: ${small}px; font-weight: 600; letter-spacing: 1px; }
QLabel#remark { color: $warning; font-size: ${small}px; }
QLabel#wrong { color: $danger; font-size: ${small}px; }
QLabel#figure { font-size: 15px; font-weight: 600; }
QLabel#fieldName { color: $muted; }
QLabel#fieldName:hover { color: $text; }
QLabel#fieldName[moved="true"] { color: $text; }
QLabel#unit { color: $muted; font-size: ${small}px; }
QFrame#rule { background: $line; max-height: 1px; min-height: 1px; border: none; }

/* the bar of the run */
QWidget#transport { background: $panel; border-top: 1px solid $line; }
QLabel#clock { font-size: 15px; font-weight: 600; }
QToolButton#play { background: $accent; border-radius: 17px; }
QToolButton#play:hover { background: $accent_hover; }
QToolButton#play:focus { border: 2px solid $text; }

/* lists */
QTreeView, QListView, QTableView { background: $panel; border: none; outline: none; color: $text; }
QTreeView::item, QListView::item { border: none; }
QHeaderView::section { background: $panel; color: $muted; border: none; border-bottom: 1px solid $line; padding: 5px; }

QScrollBar:vertical { background: transparent; width: 10px; margin: 2px; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 2px; }
QScrollBar::handle { background: $grip; border-radius: 3px; min-height: 26px; min-width: 26px; }
QScrollBar::handle:hover { background: $grip_hover; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QTabWidget::pane { border: none; border-top: 1px solid $line; background: $panel; }
QTabBar { background: $panel; qproperty-drawBase: 0; }
QTabBar::tab { background: transparent; color: $muted; padding: 7px 12px 6px; border: none;
    border-bottom: 2px solid transparent; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; border-bottom-color: $accent; }
QTabBar::tab:focus { color: $accent; }

QToolBar { background: $panel; border: none; spacing: 2px; padding: 4px; }
QToolBar::separator { background: $line; height: 1px; width: 1px; margin: 5px; }
QStatusBar { background: $panel; color: $muted; border-top: 1px solid $line; }
QStatusBar::item { border: none; }
QStatusBar QLabel { color: $muted; font-size: 12px; }
QStatusBar QLabel#message { color: $text; }
QStatusBar QLabel#message[bad="true"] { color: $danger; }

/* what floats above the window */
QFrame#popup { background: $raised; border: 1px solid $line; border-radius: 12px; }
QLineEdit#commandText { background: transparent; border: none; border-bottom: 1px solid $line; border-radius: 0;
    font-size: 16px; padding: 10px 12px; }
QFrame#popup QListView, QFrame#popup QScrollArea, QFrame#popup QScrollArea > QWidget > QWidget {
    background: transparent; }
""")
