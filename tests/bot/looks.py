"""Every screen that the bot can show, in a locale, with sample data; and what must hold of each."""

import re
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import UTC, datetime
from decimal import Decimal

from bot.handlers.showing import refusal_text
from bot.i18n.tongue import Tongue
from bot.screens import LONGEST_TEXT, LONGEST_TOAST, Screen
from bot.tasks import face_of
from bot.views import joining, ladder, notices, practice, task, work
from bot.views.earnings import earnings_screen
from bot.views.spoken import spoken_screen
from crowd.batches.spec import BatchSpec
from crowd.kinds import load_spec
from crowd.kinds.base import AnswerError
from crowd.loop.answering import Accepted
from crowd.loop.handing import Dry, Given
from crowd.loop.offers import Nothing, NoWork, Offer
from crowd.loop.practice import Practice, PracticeTask
from crowd.loop.recorded import Lesson, Refused
from crowd.media.sound import Sound
from crowd.money.earnings import Earnings, Line, OnTop, Wallet
from crowd.money.rates import Worth
from crowd.outbox import Notice
from crowd.payouts.states import PayoutState
from crowd.workers.ladder import Step
from crowd.workers.registry import Level, Worker, WorkerState
from crowd.workers.retest import Retests
from sandbox.text.entities import finish, utf16_length
from sandbox.text.html import parse_html
from tests.bot.appeal_looks import appeal_screens, appeal_toasts
from tests.bot.appeal_looks import news as appeal_news
from tests.bot.own_looks import own_screens
from tests.bot.pack_looks import pack_screens
from tests.bot.payout_looks import news, payout_screens
from tests.bot.redo_looks import redo_news, redo_screens, redo_toasts

NOW = datetime(2030, 1, 7, 9, tzinfo=UTC)
LONG_ID = 2**62


def spec(kind: str = "choice", *, words: str = "⟦w⟧", language: str = "sw") -> BatchSpec:
    """A batch in which everything that a requester writes says `words`."""
    options = [{"value": str(n), "label": {language: words[:100]}} for n in range(20)]
    return load_spec(
        {
            "name": words[:80],
            "title": {language: words[:60]},
            "kind": kind,
            "language": language,
            "items": "x.csv",
            "currency": "USD",
            "price": str(Decimal("9999.999999")),
            "instructions": {language: words[:1500]},
            "spoken_instructions": {language: {"sound": asdict(Sound("a" * 64, 299_001, 1, 0.0, 0.0)), "size": 2**20}},
            "dont_know": True,
            **({"options": options} if kind == "choice" else {"most_characters": 3000}),
        }
    )


def given(kind: str = "choice", *, item: str = "⟦i⟧", words: str = "⟦w⟧") -> Given:
    return Given(LONG_ID, LONG_ID, LONG_ID, spec(kind, words=words), {"text": item}, 20_000, NOW, NOW, 5)


def accepted(kind: str = "choice", *, words: str = "⟦w⟧", item: str = "⟦i⟧", said: str = "⟦a⟧") -> Accepted:
    right = "0" if kind == "choice" else said
    return Accepted(
        locale="en",
        spec=spec(kind, words=words),
        earned=9_999_999_999,
        done=1_234_567,
        lesson=Lesson({"text": item}, right, {"sw": words[:1000]}, LONG_ID),
        paused=False,
        step=None,
        next=given(kind, item=item, words=words),
    )


def worker(**changed: object) -> Worker:
    made = Worker(1, 2, "en", "TZ", "Africa/Dar_es_Salaam", WorkerState.JOINING, True, {}, None, NOW)
    return replace(made, **changed)  # type: ignore[arg-type]


def lines(kind: str, *, item: str, words: str, said: str) -> tuple[Line, ...]:
    right = "0" if kind == "choice" else said
    shared = spec(kind, words=words)
    return tuple(
        Line(shared, {"text": item}, value, 20_000, NOW, NOW, verdict, right, {"sw": words[:1000]}, LONG_ID + at)
        for at, (value, verdict) in enumerate(((right, None), (right, 1.0), (right, 0.0), (None, 0.0), (right, 0.0)))
    )


def all_screens(
    voice: Tongue, *, item: str = "⟦i⟧", words: str = "⟦w⟧", said: str = "⟦a⟧", name: str = "⟦n⟧"
) -> Iterator[tuple[str, Screen]]:
    yield "consent", joining.consent_screen(voice, name)
    codes = ["sw", "ha", "am", "ary", "fr", "ko", "qaa", "zh-Hant", "x" * 40, *(f"q{chr(97 + n)}b" for n in range(20))]
    levels = dict(zip(codes, list(Level) * 20, strict=False))
    yield "languages", joining.languages_screen(voice, worker(), codes)
    yield "languages chosen", joining.languages_screen(voice, worker(languages=levels), codes)
    yield "level", joining.level_screen(voice, worker(), "sw")
    yield "level known", joining.level_screen(voice, worker(languages=levels), "sw")
    yield "place", joining.place_screen(voice, worker(), NOW)
    yield "place unknown", joining.place_screen(voice, worker(country=None), NOW)
    yield "place of many zones", joining.place_screen(voice, worker(country="BR", time_zone="America/Sao_Paulo"), NOW)
    yield "country", joining.country_screen(voice, worker(languages=levels))
    yield "country unknown", joining.country_screen(voice, worker(), unknown=True)
    yield "country of one at work", joining.country_screen(voice, worker(state=WorkerState.ACTIVE))
    yield (
        "languages of one at work",
        joining.languages_screen(voice, worker(languages={"ha": Level.GOOD}, state=WorkerState.ACTIVE), ["ha"]),
    )
    yield "zone", joining.zone_screen(voice, worker(country="US"), NOW)
    yield "stopped", joining.stopped_screen(voice)
    yield "locale", joining.locale_screen(voice)
    offers = [Offer(LONG_ID + n, spec(words=words), 20_000, 9_999_999_999, 1_000_000, n) for n in range(20)]
    yield "offers", work.offers_screen(voice, offers, above=task.outcome(voice, accepted(words=words, said=said)))
    yield "more offers", work.offers_screen(voice, offers, page=2)
    yield "instructions", work.instructions_screen(voice, spec(words=words), LONG_ID, begun=True, offer=None)
    yield "offer", work.instructions_screen(voice, spec(words=words), LONG_ID, begun=False, offer=offers[0])
    for which, language in (("own", voice.locale.replace("_", "-")), ("another", "rn")):
        shared, back = spec(words=words, language=language), ((task.back_to_task(voice, LONG_ID),),)
        yield f"spoken in {which}", work.instructions_screen(voice, shared, LONG_ID, begun=True, offer=None)
        played = spoken_screen(voice, shared, work.title_of(voice, shared), back, f"hear:{LONG_ID}:p")
        assert played is not None
        assert played.otherwise is not None
        yield from ((f"voice note in {which}", played), (f"no voice note in {which}", played.otherwise))
    nothing = Nothing(tuple(NoWork), tuple(codes) * 5, (words, "⟦k⟧") * 50)
    yield "nothing", work.nothing_screen(voice, nothing, above=work.dry_line(voice, Dry.NO_MONEY))
    for reason in NoWork:
        yield f"nothing {reason}", work.nothing_screen(voice, Nothing((reason,), ("ha",), ("⟦k⟧",)))
    for dry in Dry:
        yield f"dry {dry}", Screen(work.dry_line(voice, dry))
    for kind in ("choice", "text"):
        task_given = given(kind, item=item, words=words)
        yield f"{kind}", task.given_screen(voice, task_given)
        done = accepted(kind, words=words, item=item, said=said)
        yield f"{kind} after", task.next_screen(voice, done, task_given)
        yield f"{kind} unpaid", Screen(task.earned_line(voice, replace(done, earned=0)))
        yield f"{kind} skip", Screen(task.given_screen(voice, task_given).text, task.skip_rows(voice, LONG_ID))
        yield f"{kind} report", Screen("x", task.report_rows(voice, LONG_ID))
        yield f"{kind} more", Screen("x", task.more_rows(voice, LONG_ID, LONG_ID))
        wallets = tuple(Wallet(code, *(10**15,) * 4) for code in ("USD", "KES", "NGN"))
        earned = Earnings(wallets, lines(kind, item=item, words=words, said=said), LONG_ID)
        yield f"{kind} earnings", earnings_screen(voice, earned, "Africa/Lagos", older=True)
        worths = {code: Worth("KES", 130, 1, NOW) for code in ("USD", "NGN")}
        yield f"{kind} worth", earnings_screen(voice, earned, "Africa/Lagos", worths=worths)
        known = earned.lines
        yield f"{kind} refresher", ladder.refresher_screen(voice, done, known, task_given, "Africa/Lagos")
        yield f"{kind} refresher without checks", ladder.refresher_screen(voice, done, (), task_given, None)
        yield f"{kind} failed", earnings_screen(voice, earned, "Africa/Lagos", failed_only=True)
    on_top = (OnTop({"en": words[:60]}, words[:60], 123_456, "USD", NOW),) * 3
    yield "paid on top", earnings_screen(voice, Earnings((), (), None, None, on_top), None)
    yield "underpaid", work.nothing_screen(voice, Nothing((NoWork.UNDERPAID,), (), ()))
    yield "nothing earned", earnings_screen(voice, Earnings((), (), None), None)
    yield "echo", task.echo_screen(voice, given("text", item=item, words=words), said)
    yield "waiting", work.waiting_screen(voice, given(words=words), LONG_ID)
    batches = tuple((LONG_ID + n, spec(words=words)) for n in range(5))
    yield "re-test", ladder.retest_screen(voice, Retests(batches, None), "Africa/Lagos")
    yield "re-test later", ladder.retest_screen(voice, Retests((), NOW), "Africa/Lagos")
    for one, screen in practice_screens(voice, item=item, words=words, said=said):
        yield f"practice {one}", screen
    yield "no re-test", ladder.retest_screen(voice, Retests((), None), None)
    for step in Step:
        yield f"re-test {step}", Screen(ladder.outcome_of_retest(voice, step) or "x")
    yield "nothing failed", earnings_screen(voice, Earnings((), (), None), None, failed_only=True)
    for one, screen in payout_screens(voice, NOW, words=words, said=said):
        yield f"payout {one}", screen
    yield from own_screens(voice, NOW)
    for one, screen in appeal_screens(
        voice, NOW, lines("choice", item=item, words=words, said=said), words=words, said=said
    ):
        yield f"appeal {one}", screen
    for kind in ("choice", "text"):
        for one, screen in redo_screens(voice, given(kind, item=item, words=words), words=words[:300], said=said):
            yield f"redo {kind} {one}", screen
        done = accepted(kind, words=words, item=item, said=said)
        yield from ((f"pack {kind} {one}", screen) for one, screen in pack_screens(voice, NOW, offers, done, item=item))
    content = {"kind": "choice", "payload": {"text": item}, "cleared": True, "word": "unclear"}
    content |= news(PayoutState.FAILED, words) | appeal_news(words)
    content |= redo_news(NOW)
    content |= {
        "method": "mobile_money",
        "minutes": 10,
        "price": 20_000,
        "currency": "USD",
        "more": 3,
        "language": "sw",
    }
    content |= {"title": {"en": words[:60]}, "name": words[:80], "raised": True}
    for subject in notices.SUBJECTS:
        yield subject, notices.notice_screen(voice, Notice(1, 2, "en", subject, content, 1, True))
    yield "pack expired", notices.notice_screen(voice, Notice(1, 2, "en", "expired", {"pack": True}, 1, True))


def practice_screens(voice: Tongue, *, item: str, words: str, said: str) -> Iterator[tuple[str, Screen]]:
    shared = spec(words=words)
    half = Practice(LONG_ID, shared, 20, 3, (1, 0), 0, 16, 400, takes_part=False)
    through = replace(half, done=20, right=(10, 4), tried_again=10)
    yield "nowhere", practice.practices_screen(voice, [])
    yield "everywhere", practice.practices_screen(voice, [half] * 20)
    for name, each in (
        ("new", replace(half, done=0, right=(0, 0))), ("half done", half), ("failed", through),
        ("passed", replace(through, right=(10, 9))), ("all right", replace(through, right=(20, 0), tried_again=0)),
        ("free", replace(half, needed=0, items=1, takes_s=10)),
    ):  # fmt: skip
        yield name, practice.practice_screen(voice, each, above=work.dry_line(voice, Dry.DONE))
    yield "instructions", practice.practice_instructions_screen(voice, shared, LONG_ID)
    for kind in ("choice", "text"):
        right = "0" if kind == "choice" else said
        why, its_spec = {"sw": words[:1000]}, spec(kind, words=words)
        asked = PracticeTask(
            LONG_ID,
            LONG_ID,
            its_spec,
            {"text": item},
            2,
            20,
            20,
            right,
            why,
            answered=False,
            said=None,
            was_right=False,
        )
        yield (
            f"{kind}",
            practice.practice_task_screen(voice, asked, above=voice.say("Tap one of the buttons to answer.")),
        )
        yield f"{kind} first try", practice.practice_task_screen(voice, replace(asked, attempt=1))
        wrong = replace(asked, answered=True, said="1" if kind == "choice" else said[::-1])
        yield f"{kind} wrong", practice.practice_task_screen(voice, wrong)
        yield f"{kind} unknown", practice.practice_task_screen(voice, replace(wrong, said=None))
        yield f"{kind} unexplained", practice.practice_task_screen(voice, replace(wrong, explanation={}))
        yield f"{kind} right", practice.practice_task_screen(voice, replace(wrong, said=right, was_right=True))


def toasts(voice: Tongue) -> Iterator[str]:
    for refused in Refused:
        yield refusal_text(voice, refused)
    yield face_of("text").trouble(AnswerError("text", "answer_too_short", least=1000), voice)
    yield face_of("text").trouble(AnswerError("text", "answer_too_long", most=3000, length=4096), voice)
    yield face_of("choice").trouble(AnswerError("choice", "no_such_option"), voice)
    yield from appeal_toasts(voice)
    yield from redo_toasts(voice)


def plain(screen: Screen) -> str:
    """What the phone shows. Raises what Telegram would refuse."""
    return finish(*parse_html(screen.text)).text


def faults(screen: Screen) -> list[str]:
    """What Telegram would refuse, and what would look broken."""
    formatted = finish(*parse_html(screen.text))
    text = formatted.text
    found = []
    if not text or utf16_length(text) > LONGEST_TEXT:
        found.append(f"{utf16_length(text)} UTF-16 units")
    try:
        text.encode()
    except UnicodeEncodeError:
        found.append("half a surrogate pair")
    if not isolated(text):
        found.append("marks of direction do not pair")
    buttons = [button for row in screen.buttons for button in row]
    found += [f"data {button.data!r}" for button in buttons if not 0 < len(button.data.encode()) <= 64]
    found += ["a button without a label" for button in buttons if not button.label.strip()]
    keys = [text for row in screen.keys or () for text in row]
    found += [f"key {text!r}" for text in keys if not 0 < utf16_length(text) <= 20]
    if (screen.keys is not None and screen.buttons) or len(keys) > 300:
        found.append(f"{len(keys)} keys and {len(buttons)} buttons")
    if len(buttons) > 100 or any(not 0 < len(row) <= 8 for row in screen.buttons):
        found.append(f"{len(buttons)} buttons")
    return found


def isolated(text: str) -> bool:
    """Whether every isolate begun is ended, and none is ended that was not begun."""
    depth = 0
    for character in text:
        depth += {"\u2068": 1, "\u2066": 1, "\u2067": 1, "\u2069": -1}.get(character, 0)
        if depth < 0:
            return False
    return depth == 0 and not re.search("[\u202a-\u202e]", text)


def toast_faults(toast: str) -> list[str]:
    wrong = [] if 0 < utf16_length(toast) <= LONGEST_TOAST else [f"{len(toast)} characters"]
    return wrong + (["HTML in a toast"] if re.search(r"[<>]|&\w+;", toast) else [])
