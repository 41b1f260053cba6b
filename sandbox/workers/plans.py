"""Answers that take several acts, on their way: what is left of them to do."""

import re

from sandbox.workers.phone import Button, Screen
from sandbox.workers.turns import Say, Send, Tap, Turns


class Several:
    """The buttons of an item that takes several, still to be tapped, by what they mean."""

    __slots__ = ("item", "labels", "message_id", "right")

    def __init__(self, message_id: int, item: str, labels: list[str], *, right: bool) -> None:
        self.message_id, self.item, self.labels, self.right = message_id, item, labels, right

    @property
    def is_done(self) -> bool:
        """Has every one been tapped?"""
        return not self.labels


class InTurn:
    """Acts that belong to one item, to be done in their order, over all the screens that show it.

    A button that is not on the screen is waited for; only `right` answers care: in a wrong one, it is passed over.
    """

    __slots__ = ("_doubtful", "_lost", "_newest", "_place", "_screen", "_strict", "_turns", "item", "right")

    def __init__(self, item: str, turns: Turns, *, right: bool, strict: bool) -> None:
        """`strict`: the buttons are those of this item, so that each will come."""
        self.item, self.right = item, right
        self._turns, self._strict = turns, strict
        self._place = self._newest = 0
        self._screen: Screen | None = None
        self._lost = self._doubtful = False

    @property
    def is_done(self) -> bool:
        """Has every turn been done?"""
        return self._place == len(self._turns)

    @property
    def is_tapping(self) -> bool:
        """Was a button tapped, and is there something to do after it? Until that is done, no other tap may come."""
        return 0 < self._place < len(self._turns) and not self._doubtful and self._follows_a_tap()

    def may_begin_anew(self, screen: Screen) -> bool:
        """Is this the item's first screen again, if it looks like one?"""
        if self.is_done:
            return self._follows_a_tap() and self._screen is not None and screen.message_id > self._screen.message_id
        return self._doubtful and not self._is_offered(screen)

    def next_on(self, screen: Screen) -> Button | Say | Send | None:
        """What to do on a screen that shows the item; None: wait for another."""
        if self._screen is not None and screen.message_id < self._screen.message_id:
            return None
        newer = self._is_newer(screen)
        while not self.is_done:
            turn = self._turns[self._place]
            if not isinstance(turn, Tap):
                return turn if newer else None
            button = offered(screen, turn.pattern)
            if button is not None:
                return button
            if not newer or (self._strict and not self._lost):
                return None
            self._place += 1  # passed over, or it counted although nobody said so
            self._lost = False
        return None

    def did(self, screen: Screen, newest: int) -> None:
        """The next turn was done on `screen`, while `newest` was the newest message of the bot."""
        self._place += 1
        self._screen, self._newest = screen, newest
        self._lost = self._doubtful = False

    def lost(self) -> None:
        """Nobody knows whether the last tap counted: the screen will tell."""
        self._place -= 1
        self._lost = True

    def doubt(self, newest: int) -> None:
        """What comes after `newest`, the bot's newest message, may be the item's first screen again."""
        self._doubtful = True
        self._newest = newest

    def _follows_a_tap(self) -> bool:
        return isinstance(self._turns[self._place - 1], Tap)

    def _is_offered(self, screen: Screen) -> bool:
        turn = self._turns[self._place]
        return isinstance(turn, Tap) and offered(screen, turn.pattern) is not None

    def _is_newer(self, screen: Screen) -> bool:
        """Did the bot show it after the last turn? What follows a text or a file is a message of its own."""
        if self._screen is None:
            return True
        if self._doubtful or not (self._lost or self._follows_a_tap()):
            return screen.message_id > self._newest
        return screen != self._screen


def offered(screen: Screen, pattern: str) -> Button | None:
    """The first button whose data have the pattern."""
    return next((button for button in screen.buttons if re.search(pattern, button.data)), None)
