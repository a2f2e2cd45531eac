"""The frame's footer: how one knows that it worked, Back, “save and close”, the one button."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from wizard.content.text import t
from wizard.ui.layouts import column, row
from wizard.ui.page import Offer, SideAction
from wizard.ui.theme import Letters, color
from wizard.ui.tokens import Token
from wizard.ui.widgets.boxes import Icon
from wizard.ui.widgets.buttons import Button, Kind
from wizard.ui.widgets.text import Elide, Text

__all__ = ["Footer"]

_BACK_INSET = 14
_HAIR = 6
"""Room that a proof line may take beyond the column before it wraps."""


class Footer(QWidget):
    """Draws an offer and reports presses."""

    pressed = Signal()
    back = Signal()
    later = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._proof_icon = Icon("flag", Token.ACCENT_INK, 16, drop=1)
        self._proof = Text("", Letters.SECOND, Token.INK_2, strong_token=Token.INK)
        self._proof.setObjectName("proof")
        proof = row(self._proof_icon, gap=8)
        self._proof_row = proof
        proof.setAlignment(self._proof_icon, Qt.AlignmentFlag.AlignTop)
        proof.addWidget(self._proof, 1)
        self.back_button = Button(t("Back"), Kind.BACK, icon="chevron-left", name="back")
        self.back_button.clicked.connect(self.back)
        self._instead = Button("", Kind.BACK, name="instead-of-back")
        self._later = Button(t("Save and close"), Kind.BACK, name="later")
        self._later.clicked.connect(self.later)
        self._tail = Text("", Letters.CAPTION, Token.INK_3, wrap=False, elide=Elide.RIGHT)
        self._tail.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._tail.setMinimumHeight(36)
        self._tail.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._room = QWidget()
        self._room.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._tail.setObjectName("tail")
        self._beside = Button("", name="beside")
        self.primary = Button("", Kind.PRIMARY, name="primary")
        self.primary.clicked.connect(self.pressed)
        self._actions = row(self.back_button, self._instead, self._later, gap=8)
        self._actions.addWidget(self._room)
        self._actions.addWidget(self._tail)
        self._actions.addWidget(self._beside)
        self._actions.addWidget(self.primary)
        self._above = Text("", Letters.CAPTION, Token.INK_3)
        self._above.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._above.setObjectName("tail-above")
        above = row(self._above)
        above.setContentsMargins(0, 0, _HAIR, 0)
        self._column = column(proof, 12, above, self._actions, inside=self)
        self._side: SideAction | None = None
        self._instead_side: SideAction | None = None
        self._beside.clicked.connect(self._press_beside)
        self._instead.clicked.connect(self._press_instead)
        self.set_narrow(narrow=False)

    def _press_beside(self) -> None:
        if self._side is not None:
            self._side.press()

    def _press_instead(self) -> None:
        if self._instead_side is not None:
            self._instead_side.press()

    def set_narrow(self, *, narrow: bool) -> None:
        """Smaller margins in a narrow window."""
        side = 24 if narrow else 32
        # Back's chevron, not its border, lines up with the text above it.
        self._column.setContentsMargins(side - _BACK_INSET, 13, side - _HAIR, 16)
        self._proof_row.setContentsMargins(_BACK_INSET, 0, 0, 0)
        self._actions.setContentsMargins(0, 0, _HAIR, 0)

    def show_offer(
        self,
        offer: Offer,
        proof: str,
        *,
        can_go_back: bool,
        may_do_later: bool,
        from_home: bool = False,
        missing: str = "",
    ) -> None:
        """Draw what the page offers; `proof` is the whole proof line, '' for none.

        `from_home`: whoever does it later goes back to Home, and the program stays. `missing`
        says why the button is closed, where the page itself does not.
        """
        good = offer.proved
        for part in (self._proof_icon, self._proof):
            part.setVisible(bool(proof))
        item = self._column.itemAt(1)
        gap = item.spacerItem() if item is not None else None
        if gap is not None:
            gap.changeSize(0, 12 if proof else 0)
            self._column.invalidate()
        self._proof_icon.show_icon("ok" if good else "flag", Token.OK if good else Token.ACCENT_INK)
        self._proof.strong_token = Token.OK if good else Token.INK
        self._proof.say(proof)
        self.primary.kind = Kind.DANGER if offer.danger else Kind.PRIMARY
        self.primary.say(offer.words or t("Continue"), offer.icon)
        self.primary.set_busy(offer.busy)
        closed = not (offer.valid or offer.busy)
        self.primary.setEnabled(not closed)
        beside_it = offer.tail or (missing if closed else "")
        # Whoever can't see the words beside a closed button, or its spinner, is told with it.
        under_way = t("Under way") if offer.busy else ""
        self.primary.setAccessibleDescription(beside_it if closed else under_way)
        self._tail.say(beside_it)
        self._side = offer.beside
        self._beside.setVisible(offer.beside is not None)
        if offer.beside is not None:
            self._beside.say(offer.beside.words, offer.beside.icon)
            self._beside.setObjectName(offer.beside.name)
        self._instead_side = offer.instead_of_back
        self._instead.setVisible(offer.instead_of_back is not None)
        if offer.instead_of_back is not None:
            self._instead.say(offer.instead_of_back.words, offer.instead_of_back.icon)
            self._instead.setObjectName(offer.instead_of_back.name)
        back = can_go_back and offer.may_go_back and offer.instead_of_back is None
        self.back_button.setVisible(back)
        self._later.say(t("Back to Home") if from_home else t("Save and close"))
        self._later.setVisible(may_do_later or from_home)
        self._place_tail()

    def _place_tail(self) -> None:
        """Beside the button; above it, where a closed button leaves too little room for why."""
        words = self._tail.text()
        buttons = (self.back_button, self._instead, self._later, self._beside, self.primary)
        seen = [button for button in buttons if not button.isHidden()]
        margins = self._column.contentsMargins()
        taken = sum(max(one.sizeHint().width(), one.minimumWidth()) + 8 for one in seen)
        room = self.width() - margins.left() - margins.right() - taken - _HAIR
        above = not self.primary.isEnabled() and self._tail.natural_width() > room
        self._above.say(words if above else "")
        self._above.setVisible(bool(words) and above)
        self._tail.setVisible(bool(words) and not above)
        self._room.setVisible(self._tail.isHidden())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        before = self._above.isHidden()
        self._place_tail()
        if self._above.isHidden() is not before:
            # The window's layout is at work now and would forget that the height changed.
            QTimer.singleShot(0, self, self.updateGeometry)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event  # a plain surface and a line
        painter = QPainter(self)
        painter.fillRect(self.rect(), color(Token.PAGE))
        painter.fillRect(0, 0, self.width(), 1, color(Token.LINE))
