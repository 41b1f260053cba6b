"""What simulated workers decide on, without a phone."""

from collections import Counter

import pytest

from sandbox.workers import Character, Knowledge, Manners, Right, Rule, Tap
from sandbox.workers.mind import Act, Mind, Press, Write
from sandbox.workers.mistakes import damaged
from sandbox.workers.phone import Button, Chat, Screen

ITEM = "Habari njema sana"
LABELS = ("Positive", "Neutral", "Negative")
TASK = Screen(5, f"What is it?\n{ITEM}", (*(Button(label, f"a:{label}") for label in LABELS), Button("Skip", "skip:9")))


def chat(*screens: Screen) -> Chat:
    return Chat(1, screens, empty=False)


def mind(
    *,
    skill: float = 1.0,
    skip: float = 0.0,
    dont_know: float = 0.0,
    seed: int = 1,
    manners: Manners | None = None,
    right: Right | str = "Positive",
) -> Mind:
    character = Character(skill=skill, skip=skip, dont_know=dont_know, seed=seed, language_code="sw", first_name="A+")
    return Mind(character, Knowledge({ITEM: right}, LABELS), manners or Manners(skip="^skip:", dont_know="^dunno:"))


def labels(*acts: Act | None) -> list[str]:
    assert all(isinstance(act, Press) for act in acts)
    return [act.button.label for act in acts if isinstance(act, Press)]


def test_what_waits_behind_a_button_is_looked_at_before_it_is_answered() -> None:
    looks = mind(manners=Manners(skip="^skip:", look="^🖼 "))
    waiting = Screen(1, ITEM, (Button("🖼 Picture, 14 kB", "v:1:0"), Button("Skip", "skip:1")))
    act = looks.decide(chat(waiting))
    assert isinstance(act, Press)
    assert (act.button.data, act.item) == ("v:1:0", None)
    assert labels(looks.decide(chat(TASK))) == ["Positive"], "and then answered"


def test_skill_is_the_share_of_right_answers() -> None:
    taken: Counter[bool | None] = Counter()
    for seed in range(2000):
        act = mind(skill=0.8, seed=seed).decide(chat(TASK))
        assert isinstance(act, Press)
        assert act.right is (act.button.label == "Positive")
        taken[act.right] += 1
    assert 0.77 < taken[True] / 2000 < 0.83


def test_the_same_seed_makes_the_same_choices() -> None:
    first, second = mind(skill=0.5, seed=3), mind(skill=0.5, seed=3)
    for number in range(50):
        screen = TASK._replace(message_id=number)
        assert first.decide(chat(screen)) == second.decide(chat(screen))


def test_a_screen_is_acted_on_once_until_it_changes() -> None:
    one = mind()
    assert one.decide(chat(TASK)) is not None
    assert one.decide(chat(TASK)) is None
    one.refresh()
    assert one.decide(chat(TASK)) is None
    assert one.decide(chat(TASK._replace(text=TASK.text + " (again)"))) is not None


def test_a_lost_tap_is_made_again() -> None:
    one = mind()
    act = one.decide(chat(TASK))
    assert isinstance(act, Press)
    one.lost(act)
    assert one.decide(chat(TASK)) is not None


def test_a_push_without_buttons_does_not_hide_the_task() -> None:
    push = Screen(9, "Your money is released.", ())
    assert labels(mind().decide(chat(push, TASK))) == ["Positive"]


def test_skipping_is_no_answer_and_dont_know_is_neither_right_nor_wrong() -> None:
    act = mind(skip=1.0).decide(chat(TASK))
    assert isinstance(act, Press)
    assert (act.button.label, act.item, act.right) == ("Skip", None, None)
    unsure = TASK._replace(buttons=(*TASK.buttons, Button("?", "dunno:9")))
    act = mind(dont_know=1.0).decide(chat(unsure))
    assert isinstance(act, Press)
    assert (act.button.label, act.item, act.right) == ("?", ITEM, None)
    assert labels(mind(dont_know=1.0).decide(chat(TASK))) == ["Positive"]


def test_the_unskilled_take_what_there_is() -> None:
    only_right = TASK._replace(buttons=(Button("Positive", "a:1"),))
    act = mind(skill=0.0).decide(chat(only_right))
    assert isinstance(act, Press)
    assert act.right is True


def test_an_answer_of_several_buttons_is_tapped_one_by_one_and_then_confirmed() -> None:
    manners = Manners(rules=(Rule(tap="^done$"),))
    one = mind(right=Right(frozenset({"Positive", "Negative"}), every=True), manners=manners)
    ticked: set[str] = set()
    tapped: list[str] = []
    for _ in range(3):
        buttons = [Button(("☑ " if label in ticked else "☐ ") + label, f"t:{label}") for label in LABELS]
        act = one.decide(chat(Screen(5, ITEM, (*buttons, Button("Done", "done")))))
        assert isinstance(act, Press)
        tapped.append(act.button.data)
        ticked.add(act.button.label[2:])
    assert tapped == ["t:Positive", "t:Negative", "done"]


def test_the_unskilled_get_an_answer_of_several_buttons_wrong() -> None:
    right = Right(frozenset({"Positive", "Negative"}), every=True)
    for seed in range(60):
        one, chosen = mind(skill=0.0, seed=seed, right=right), set()
        for number in range(4):
            act = one.decide(chat(TASK._replace(text=f"{TASK.text}\n{number}")))
            if isinstance(act, Press):
                assert act.right is False
                chosen.add(act.button.label)
        assert chosen
        assert chosen != {"Positive", "Negative"}


def in_turn(one: Mind, rounds: int) -> list[str]:
    """What is tapped of a screen that never changes but for a number."""
    tapped = []
    for number in range(rounds):
        buttons = [Button(label, f"t:{label}") for label in LABELS]
        act = one.decide(chat(Screen(5, f"{ITEM}\n{number}", (*buttons, Button("Done", "done")))))
        assert isinstance(act, Press)
        tapped.append(act.button.data)
    return tapped


def test_an_answer_of_taps_is_given_in_their_order() -> None:
    manners = Manners(rules=(Rule(tap="^done$"),))
    right = Right(turns=(Tap("^t:Neg"), Tap("^t:Pos")))
    assert in_turn(mind(right=right, manners=manners), 3) == ["t:Negative", "t:Positive", "done"]


def test_the_unskilled_get_the_taps_wrong() -> None:
    manners = Manners(rules=(Rule(tap="^done$"),))
    right = Right(turns=(Tap("^t:Neg"), Tap("^t:Pos"), Tap("^t:Neu")))
    wrong = [in_turn(mind(skill=0.0, seed=seed, right=right, manners=manners), 4) for seed in range(30)]
    assert sum(tapped != ["t:Negative", "t:Positive", "t:Neutral", "done"] for tapped in wrong) > 20


def test_a_lost_tap_of_several_is_made_again() -> None:
    one = mind(right=Right(frozenset({"Positive", "Negative"}), every=True))
    act = one.decide(chat(TASK))
    assert isinstance(act, Press)
    assert not one.is_complete(ITEM)
    one.lost(act)
    assert one.decide(chat(TASK)) == act


def test_a_free_text_is_written_once_and_then_confirmed() -> None:
    manners = Manners(rules=(Rule(tap="^yes$"),))
    one = mind(right=Right(text="Very good news"), manners=manners)
    asked = Screen(5, f"Translate:\n{ITEM}", ())
    assert one.decide(chat(asked)) == Write("Very good news", ITEM, right=True)
    echo = Screen(6, f"{ITEM}\nVery good news\nRight?", (Button("Yes", "yes"), Button("No", "no")))
    assert labels(one.decide(chat(echo))) == ["Yes"]
    assert one.decide(chat(Screen(6, f"{ITEM}\nSaved.", ()), asked)) is None


def test_after_asking_for_work_again_only_newer_screens_are_written_to() -> None:
    one = mind(right=Right(text="Very good news"))
    asked = Screen(5, f"Translate:\n{ITEM}", ())
    assert one.decide(chat(asked)) is not None
    one.refresh()
    assert one.decide(chat(asked._replace(text=asked.text + "."))) is None
    assert one.decide(chat(asked._replace(message_id=7))) is not None


def test_the_unskilled_write_something_else() -> None:
    act = mind(skill=0.0, right=Right(text="Very good news")).decide(chat(Screen(5, ITEM, ())))
    assert isinstance(act, Write)
    assert act.right is False
    assert act.text != "Very good news"


@pytest.mark.parametrize("text", ["a", "ab", "abc", "aaaa", "two words", "መልካም ዜና", "  x  "])
def test_damage_shows(text: str) -> None:
    import random

    for seed in range(20):
        found = damaged(text, random.Random(seed))
        assert found
        assert found != text.strip()


def test_manners_are_tried_in_order_and_filled_with_the_workers_own() -> None:
    manners = Manners(
        rules=(
            Rule(tap="^lang:{language_code}$"),
            Rule(when="(?i)your name", send="{first_name}", times=1),
            Rule(tap="^any", pick="any", when="Choose"),
        )
    )
    one = mind(manners=manners)
    languages = Screen(1, "Language?", (Button("English", "lang:en"), Button("Kiswahili", "lang:sw")))
    assert labels(one.decide(chat(languages))) == ["Kiswahili"]
    assert one.decide(chat(Screen(2, "What is Your Name?", ()))) == Write("A+", None, None)
    assert one.decide(chat(Screen(3, "Your name, please", ()))) is None
    several = Screen(4, "Choose", tuple(Button(str(n), f"any:{n}") for n in range(9)))
    assert one.decide(chat(several._replace(text="Look"))) is None
    picked = {labels(mind(seed=seed, manners=manners).decide(chat(several)))[0] for seed in range(60)}
    assert len(picked) > 3


def test_a_rule_that_cannot_work_is_refused() -> None:
    with pytest.raises(ValueError, match="either tap or send"):
        Rule()
    with pytest.raises(ValueError, match="either tap or send"):
        Rule(tap="a", send="b", when="c")
    with pytest.raises(ValueError, match="for ever"):
        Rule(send="hello")
    with pytest.raises(ValueError, match="no regular expression"):
        Rule(tap="(")


@pytest.mark.parametrize(
    "wrong",
    [
        {"skill": 1.1},
        {"skill": 0.5, "double_tap": -1},
        {"skill": 1, "skip": 0.6, "dont_know": 0.6},
        {"skill": 1, "speed_s": (2.0, 1.0)},
    ],
)
def test_an_impossible_character_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"chance|seconds"):
        Character(**wrong)  # type: ignore[arg-type]
