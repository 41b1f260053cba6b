"""What a simulated worker makes of a screen: the answer it gives, or the way on."""

import random
import re
from collections import Counter
from typing import NamedTuple

from sandbox.workers.character import Character, pick
from sandbox.workers.knowledge import Knowledge, Known
from sandbox.workers.manners import Manners, Rule
from sandbox.workers.phone import Button, Chat, Screen

_REMEMBERED = 64


class Press(NamedTuple):
    """A button to tap, and what that answers."""

    screen: Screen
    button: Button
    item: str | None
    right: bool | None


class Write(NamedTuple):
    """A text to send, and what that answers."""

    text: str
    item: str | None
    right: bool | None


class _Plan:
    """The buttons of an item that takes several, still to be tapped: what they mean, or patterns of their data."""

    __slots__ = ("item", "labels", "message_id", "right")

    def __init__(self, message_id: int, item: str, labels: list[str], right: bool) -> None:
        self.message_id, self.item, self.labels, self.right = message_id, item, labels, right


class Mind:
    """Decides what to do on a screen, and remembers what was done, so as not to do it twice."""

    def __init__(self, character: Character, knowledge: Knowledge, manners: Manners) -> None:
        self._character, self._knowledge = character, knowledge
        self._random = random.Random(character.seed)
        self._rules = [_Compiled.of(rule, character) for rule in manners.rules]
        self._skip = re.compile(manners.skip) if manners.skip else None
        self._dont_know = re.compile(manners.dont_know) if manners.dont_know else None
        self._used: Counter[int] = Counter()
        self._done: dict[int, Screen] = {}
        self._plan: _Plan | None = None
        self._written: set[str] = set()
        self._newest = self._stale = 0
        self._answers = 0

    def takes_s(self, *, task: bool) -> float:
        """Seconds that this act takes, on a task or on the way to one."""
        way_s = self._character.way_s
        low, high = self._character.speed_s if task or way_s is None else way_s
        return self._random.uniform(low, high) if high > 0 else 0.0

    def slips(self) -> bool:
        """Is this tap a double one?"""
        return self._character.double_tap > 0 and self._random.random() < self._character.double_tap

    def is_repeated(self) -> bool:
        """Is the bot told of this tap twice?"""
        return self._character.repeated_update > 0 and self._random.random() < self._character.repeated_update

    def is_complete(self, item: str) -> bool:
        """Has every button of the answer to `item` been tapped?"""
        return self._plan is None or self._plan.item != item or not self._plan.labels

    def refresh(self) -> None:
        """Looks with fresh eyes at what comes next; what is on the screen by now stays as it is."""
        self._plan = None
        self._written.clear()
        self._stale = self._newest

    def decide(self, chat: Chat) -> Press | Write | None:
        """What to do now; None: wait for something to happen."""
        for screen in chat.screens:
            self._newest = max(self._newest, screen.message_id)
            if self._done.get(screen.message_id) == screen:
                return None
            known = self._knowledge.find(screen.text)
            act = self._answer(screen, known) if known else None
            act = act or self._behave(screen)
            if act is not None:
                self._remember(screen)
                return act
        return None

    def _remember(self, screen: Screen) -> None:
        self._done.pop(screen.message_id, None)
        self._done[screen.message_id] = screen
        if len(self._done) > _REMEMBERED:
            del self._done[next(iter(self._done))]

    def _answer(self, screen: Screen, known: Known) -> Press | Write | None:
        if known.right.taps:
            return self._next_in_turn(screen, known)
        options = [(b, meant) for b in screen.buttons if (meant := self._knowledge.meant(b.label)) is not None]
        text = known.right.text
        if not options and (text is None or known.item in self._written or screen.message_id <= self._stale):
            return None
        if not self._is_going_on(screen, known):
            refusal = self._refuse(screen, known)
            if refusal is not None:
                return refusal
        if not options:
            return self._write(known.item, text or "")
        if known.right.every:
            return self._next_of_several(screen, known, options)
        return self._one_of(screen, known, options)

    def _is_going_on(self, screen: Screen, known: Known) -> bool:
        plan = self._plan
        return plan is not None and (plan.message_id, plan.item) == (screen.message_id, known.item)

    def _refuse(self, screen: Screen, known: Known) -> Press | None:
        """Skips the task or says "I don't know", as the character would."""
        chance = self._random.random()
        if chance < self._character.skip:
            pattern = self._skip
        elif chance < self._character.skip + self._character.dont_know:
            pattern = self._dont_know
        else:
            return None
        if pattern is None:
            return None
        for button in screen.buttons:
            if pattern.search(button.data):
                return Press(screen, button, None if pattern is self._skip else known.item, None)
        return None

    def _one_of(self, screen: Screen, known: Known, options: list[tuple[Button, str]]) -> Press:
        rights = [place for place, (_, meant) in enumerate(options) if meant in known.right.labels]
        self._answers += 1
        place = pick(self._character, known.item, rights, len(options), self._answers, self._random)
        return Press(screen, options[place][0], known.item, place in rights)

    def _next_of_several(self, screen: Screen, known: Known, options: list[tuple[Button, str]]) -> Press | None:
        plan = self._plan
        if plan is None or not self._is_going_on(screen, known):
            plan = self._plan = self._several(screen, known, [meant for _, meant in options])
        while plan.labels:
            label = plan.labels.pop(0)
            for button, meant in options:
                if meant == label:
                    return Press(screen, button, known.item, plan.right)
        return None

    def _several(self, screen: Screen, known: Known, offered: list[str]) -> _Plan:
        """All the right buttons, or, by lack of skill, all but one of them or one too many."""
        wanted = [label for label in offered if label in known.right.labels]
        right = self._random.random() < self._character.skill
        if not right:
            turned = self._random.choice(offered)
            if turned in wanted and len(wanted) > 1:
                wanted.remove(turned)
            elif turned not in wanted:
                wanted.append(turned)
            else:
                wanted = [label for label in offered if label != turned][:1] or wanted
        return _Plan(screen.message_id, known.item, wanted, set(wanted) == known.right.labels)

    def _next_in_turn(self, screen: Screen, known: Known) -> Press | None:
        """The next of the buttons that are to be tapped in an order; None when all are, or it is not there."""
        plan = self._plan
        if plan is None or not self._is_going_on(screen, known):
            if self._offered(screen, known.right.taps[0]) is None:
                return None
            refusal = self._refuse(screen, known)
            if refusal is not None:
                return refusal
            plan = self._plan = self._in_turn(screen, known)
        button = self._offered(screen, plan.labels.pop(0)) if plan.labels else None
        return None if button is None else Press(screen, button, known.item, plan.right)

    def _in_turn(self, screen: Screen, known: Known) -> _Plan:
        """The right buttons in their order, or, by lack of skill, those of another answer, or in another order."""
        taps = known.right.taps
        if self._random.random() >= self._character.skill:
            others = (self._knowledge.another(self._random) for _ in range(20))
            shuffled = tuple(self._random.sample(taps, len(taps)))
            taps = next((each for each in others if each != taps and self._offered(screen, each[0])), shuffled)
        return _Plan(screen.message_id, known.item, list(taps), taps == known.right.taps)

    @staticmethod
    def _offered(screen: Screen, pattern: str) -> Button | None:
        return next((button for button in screen.buttons if re.search(pattern, button.data)), None)

    def _write(self, item: str, text: str) -> Write:
        self._written.add(item)
        if self._random.random() < self._character.skill:
            return Write(text, item, right=True)
        return Write(damaged(text, self._random), item, right=False)

    def _behave(self, screen: Screen) -> Press | Write | None:
        for number, rule in enumerate(self._rules):
            if rule.times is not None and self._used[number] >= rule.times:
                continue
            act = self._apply(rule, screen)
            if act is not None:
                self._used[number] += 1
                return act
        return None

    def _apply(self, rule: "_Compiled", screen: Screen) -> Press | Write | None:
        if rule.when is not None and not rule.when.search(screen.text):
            return None
        if rule.tap is None:
            return Write(rule.send, None, None)
        found = [button for button in screen.buttons if rule.tap.search(button.data)]
        if not found:
            return None
        self._plan = None
        return Press(screen, self._random.choice(found) if rule.pick == "any" else found[0], None, None)

    def lost(self, press: Press) -> None:
        """A tap was not answered: its button is to be tapped again if the screen still has it."""
        self._done.pop(press.screen.message_id, None)
        meant = self._knowledge.meant(press.button.label)
        if self._plan is not None and self._plan.item == press.item and meant is not None:
            self._plan.labels.insert(0, meant)
        elif self._plan is not None and self._plan.item == press.item:
            self._plan.labels.insert(0, f"^{re.escape(press.button.data)}$")


class _Compiled(NamedTuple):
    """A rule with the worker's own language and name filled in."""

    tap: re.Pattern[str] | None
    send: str
    when: re.Pattern[str] | None
    pick: str
    times: int | None

    @classmethod
    def of(cls, rule: Rule, character: Character) -> "_Compiled":
        own = {"{language_code}": character.language_code, "{first_name}": character.first_name}

        def pattern(text: str | None) -> re.Pattern[str] | None:
            for name, value in own.items():
                text = text and text.replace(name, re.escape(value))
            return re.compile(text) if text else None

        send = rule.send or ""
        for name, value in own.items():
            send = send.replace(name, value)
        return cls(pattern(rule.tap), send, pattern(rule.when), rule.pick, rule.times)


def damaged(text: str, chance: random.Random) -> str:
    """`text` as a careless person would have it: a word or a letter lost, or something else altogether."""
    text = text.strip()
    words = text.split()
    if len(words) > 1:
        del words[chance.randrange(len(words))]
        return " ".join(words)
    if len(text) > 2:
        at = chance.randrange(len(text))
        return text[:at] + text[at + 1 :]
    return "?"
