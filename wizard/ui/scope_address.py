"""Which address becomes the account: the choices that there are, each with three real people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from wizard.content.text import t
from wizard.core.settings import AddressChoice, AddressFallback, AddressRule
from wizard.services.contract.scoping import AddressExample, AddressOption
from wizard.ui.layouts import clear, column, row
from wizard.ui.scope_words import address_sentence, address_title
from wizard.ui.theme import Letters
from wizard.ui.tokens import Token
from wizard.ui.widgets.boxes import Box
from wizard.ui.widgets.choice import ChoiceCard, ChoiceGroup
from wizard.ui.widgets.fields import Select
from wizard.ui.widgets.text import Elide, Text

__all__ = ["AddressPart"]

_FALLBACKS = (AddressFallback.PRIMARY, AddressFallback.LEAVE_OUT)


class AddressPart(QWidget):
    """The cards and the examples; `changed` tells another `AddressRule`."""

    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._rule = AddressRule()
        self._options: tuple[AddressOption, ...] = ()
        self._cards: ChoiceGroup | None = None
        self._filling = False
        self._column = column(inside=self)
        self.hide()

    def show_options(self, options: Sequence[AddressOption], rule: AddressRule) -> None:
        """Show these choices, and what is chosen."""
        self._options, self._rule = tuple(options), rule
        self.setVisible(any(option.examples for option in options))
        clear(self._column)
        self._cards = None
        self._column.addWidget(Text(t("Which address becomes the account"), Letters.SECOND_STRONG))
        self._column.addSpacing(8)
        chosen = self._chosen()
        if len(options) > 1:
            self._column.addWidget(self._build_cards())
            self._column.addSpacing(10)
        elif options:
            words = t("The primary address, as Google shows it.")
            self._column.addWidget(Text(words, Letters.SECOND, Token.INK_2))
            self._column.addSpacing(8)
        if chosen is not None:
            self._column.addWidget(_examples(chosen, self._rule))
            if chosen.lack and chosen.rule.choice is AddressChoice.IN_DOMAIN:
                self._column.addSpacing(8)
                self._column.addLayout(row(*self._fallback(), None, gap=8))

    def _chosen(self) -> AddressOption | None:
        wanted = (self._rule.choice, self._rule.domain)
        return next(
            (one for one in self._options if (one.rule.choice, one.rule.domain) == wanted), None
        )

    def _build_cards(self) -> ChoiceGroup:
        cards = ChoiceGroup(
            [
                (
                    str(place),
                    ChoiceCard(
                        address_title(option),
                        address_sentence(option),
                        name=f"address-{option.rule.domain or 'primary'}",
                        tight=True,
                    ),
                )
                for place, option in enumerate(self._options)
            ]
        )
        chosen = self._chosen()
        if chosen is not None:
            cards.choose(str(self._options.index(chosen)))
        cards.chosen.connect(self._chose)
        self._cards = cards
        return cards

    def _fallback(self) -> tuple[Text, Select]:
        words = t("People without one")
        select = Select(
            words,
            [(0, t("Use the primary address")), (1, t("Leave out"))],
            name="address-otherwise",
        )
        select.setCurrentIndex(_FALLBACKS.index(self._rule.otherwise))
        select.currentIndexChanged.connect(
            lambda place: self._say(replace(self._rule, otherwise=_FALLBACKS[place]))
        )
        return Text(words, Letters.SECOND, wrap=False), select

    def _chose(self, key: str) -> None:
        option = self._options[int(key)].rule
        otherwise = self._rule.otherwise if option.domain else AddressFallback.PRIMARY
        self._say(replace(option, otherwise=otherwise))

    def _say(self, rule: AddressRule) -> None:
        if rule != self._rule:
            self._rule = rule
            self.changed.emit(rule)


def _examples(option: AddressOption, rule: AddressRule) -> Box:
    box = Box()
    box.setObjectName("address-examples")
    for one in option.examples:
        has_none = bool(rule.domain) and not one.account.casefold().endswith(f"@{rule.domain}")
        out = has_none and rule.otherwise is AddressFallback.LEAVE_OUT
        box.add(_example(replace(one, account="") if out else one))
    box.setVisible(bool(option.examples))
    return box


def _example(example: AddressExample) -> QWidget:
    name = Text(example.name, Letters.SECOND_MEDIUM, wrap=False, elide=Elide.RIGHT)
    said = example.account or t("No account")
    token = Token.INK_2 if example.account else Token.WARN
    account = Text(said, Letters.SECOND, token, wrap=False, elide=Elide.MIDDLE)
    part = QWidget()
    line = row(margins=(14, 8, 14, 8), gap=12, inside=part)
    line.addWidget(name, 2)
    line.addWidget(account, 3)
    return part
