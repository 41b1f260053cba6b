"""What a simulated worker makes of a screen: the answer it gives, or the way on."""

import random
import re
from collections import Counter
from typing import NamedTuple

from sandbox.workers.character import Character, pick
from sandbox.workers.knowledge import Knowledge, Known
from sandbox.workers.manners import Manners, Rule
from sandbox.workers.mistakes import damaged, mistaken
from sandbox.workers.phone import Button, Chat, Screen
from sandbox.workers.plans import InTurn, Several, offered
from sandbox.workers.turns import Say, Send, Tap

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


class Attach(NamedTuple):
    """A file to send, and what that answers."""

    file: Send
    item: str
    right: bool


Act = Press | Write | Attach


class Mind:
    """Decides what to do on a screen, and remembers what was done, so as not to do it twice."""

    def __init__(self, character: Character, knowledge: Knowledge, manners: Manners) -> None:
        self._character, self._knowledge = character, knowledge
        self._random = random.Random(character.seed)
        self._rules = [_Compiled.of(rule, character) for rule in manners.rules]
        self._skip = re.compile(manners.skip) if manners.skip else None
        self._look = re.compile(manners.look) if manners.look else None
        self._dont_know = re.compile(manners.dont_know) if manners.dont_know else None
        self._used: Counter[int] = Counter()
        self._done: dict[int, Screen] = {}
        self._plan: Several | InTurn | None = None
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
        """Has all been done that the answer to `item` takes?"""
        return self._plan is None or self._plan.item != item or self._plan.is_done

    def refresh(self) -> None:
        """Looks with fresh eyes at what comes next; what is on the screen by now stays as it is."""
        if isinstance(self._plan, InTurn) and not self._plan.is_done:
            self._plan.doubt(self._newest)
        else:
            self._plan = None
        self._written.clear()
        self._stale = self._newest

    def decide(self, chat: Chat) -> Act | None:
        """What to do now; None: wait for something to happen."""
        for screen in chat.screens:
            self._newest = max(self._newest, screen.message_id)
            if self._done.get(screen.message_id) == screen:
                return None
            known = self._knowledge.find(screen.text)
            act = (self._look_at(screen) or self._answer(screen, known)) if known else None
            if act is None and not self._is_amid(known):
                act = self._behave(screen, known)
            if act is not None:
                self._remember(screen)
                return act
        return None

    def _remember(self, screen: Screen) -> None:
        self._done.pop(screen.message_id, None)
        self._done[screen.message_id] = screen
        if len(self._done) > _REMEMBERED:
            del self._done[next(iter(self._done))]

    def _look_at(self, screen: Screen) -> Press | None:
        """What a task is about waits behind a button."""
        if self._look is not None:
            for button in screen.buttons:
                if self._look.search(button.label):
                    return Press(screen, button, None, None)
        return None

    def _answer(self, screen: Screen, known: Known) -> Act | None:
        options = [(b, meant) for b in screen.buttons if (meant := self._knowledge.meant(b.label)) is not None]
        if known.right.turns and not (known.right.labels and options):
            return self._next_in_turn(screen, known)
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
        return isinstance(plan, Several) and (plan.message_id, plan.item) == (screen.message_id, known.item)

    def _is_amid(self, known: Known | None) -> bool:
        """Is a button of this item still awaited, so that manners must not send what is half done?"""
        plan = self._plan
        return known is not None and isinstance(plan, InTurn) and plan.item == known.item and plan.is_tapping

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
        if not isinstance(plan, Several) or not self._is_going_on(screen, known):
            plan = self._plan = self._several(screen, known, [meant for _, meant in options])
        while plan.labels:
            label = plan.labels.pop(0)
            for button, meant in options:
                if meant == label:
                    return Press(screen, button, known.item, plan.right)
        return None

    def _several(self, screen: Screen, known: Known, labels: list[str]) -> Several:
        """All the right buttons, or, by lack of skill, all but one of them or one too many."""
        wanted = [label for label in labels if label in known.right.labels]
        right = self._random.random() < self._character.skill
        if not right:
            turned = self._random.choice(labels)
            if turned in wanted and len(wanted) > 1:
                wanted.remove(turned)
            elif turned not in wanted:
                wanted.append(turned)
            else:
                wanted = [label for label in labels if label != turned][:1] or wanted
        return Several(screen.message_id, known.item, wanted, right=set(wanted) == known.right.labels)

    def _next_in_turn(self, screen: Screen, known: Known) -> Act | None:
        """The next act of an answer that takes several; None when all are done, or its screen has not come."""
        plan = self._plan
        if not isinstance(plan, InTurn) or plan.item != known.item:
            plan = None
        if plan is None or plan.may_begin_anew(screen):
            if self._can_begin(screen, known):
                refusal = self._refuse(screen, known)
                if refusal is not None:
                    self._plan = None
                    return refusal
                plan = self._plan = self._begun(screen, known)
            elif plan is None:
                return None
        step = plan.next_on(screen)
        if step is None:
            return None
        plan.did(screen, self._newest)
        if isinstance(step, Button):
            return Press(screen, step, known.item, plan.right)
        if isinstance(step, Say):
            return Write(step.text, known.item, plan.right)
        return Attach(step, known.item, plan.right)

    def _can_begin(self, screen: Screen, known: Known) -> bool:
        first = known.right.turns[0]
        if isinstance(first, Tap):
            return offered(screen, first.pattern) is not None
        return known.item not in self._written and screen.message_id > self._stale

    def _begun(self, screen: Screen, known: Known) -> InTurn:
        turns = known.right.turns
        skilled = self._random.random() < self._character.skill
        if not skilled:
            turns = mistaken(
                turns, screen, lambda: self._knowledge.another(known.right.among, self._random), self._random
            )
        if not isinstance(turns[0], Tap):
            self._written.add(known.item)
        right = turns == known.right.turns
        own = [turn for turn in turns if isinstance(turn, Tap)]
        strict = own == [turn for turn in known.right.turns if isinstance(turn, Tap)]
        return InTurn(known.item, turns, right=right, strict=strict)

    def _write(self, item: str, text: str) -> Write:
        self._written.add(item)
        if self._random.random() < self._character.skill:
            return Write(text, item, right=True)
        return Write(damaged(text, self._random), item, right=False)

    def _behave(self, screen: Screen, known: Known | None) -> Press | Write | None:
        for number, rule in enumerate(self._rules):
            if rule.times is not None and self._used[number] >= rule.times:
                continue
            act = self._apply(rule, screen)
            if act is not None:
                if isinstance(act, Press):
                    self._turn_away(known)
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
        return Press(screen, self._random.choice(found) if rule.pick == "any" else found[0], None, None)

    def _turn_away(self, known: Known | None) -> None:
        """A rule was followed on a screen with this item, or with none: what was done of an answer may be undone."""
        plan = self._plan
        if not isinstance(plan, InTurn) or plan.is_done:
            self._plan = None
        elif known is None or known.item != plan.item:
            plan.doubt(self._newest)

    def lost(self, press: Press) -> None:
        """A tap was not answered: its button is to be tapped again if the screen still has it."""
        self._done.pop(press.screen.message_id, None)
        plan = self._plan
        if plan is None or plan.item != press.item:
            return
        if isinstance(plan, InTurn):
            plan.lost()
        elif (meant := self._knowledge.meant(press.button.label)) is not None:
            plan.labels.insert(0, meant)


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
