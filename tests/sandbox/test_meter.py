"""What a phone is charged with."""

from tests.sandbox.conftest import Play, keyboard
from tests.sandbox.test_files import upload
from tests.sandbox.test_requests import png


async def fresh(play: Play) -> int:
    person = await play.person()
    await play.control("DELETE", f"/users/{person}/traffic")
    return person


async def test_a_message_costs_its_text_entities_and_buttons(play: Play) -> None:
    person = await fresh(play)
    await play.ok("sendMessage", chat_id=person, text="<b>é</b>", parse_mode="HTML", reply_markup=keyboard({"No": "n"}))
    traffic = await play.traffic(person)
    assert traffic == {
        "down_bytes": 48 + 2 + 12 + (8 + 2 + 1),
        "up_bytes": 0,
        "media_bytes": 0,
        "messages": 1,
        "edits": 0,
    }


async def test_an_edit_costs_the_whole_message_again(play: Play) -> None:
    person = await fresh(play)
    sent = await play.ok("sendMessage", chat_id=person, text="abc")
    await play.ok("editMessageText", chat_id=person, message_id=sent["message_id"], text="abcd")
    traffic = await play.traffic(person)
    assert traffic["down_bytes"] == 48 + 3 + 48 + 4
    assert (traffic["messages"], traffic["edits"]) == (1, 1)


async def test_links_and_reply_keyboards_count(play: Play) -> None:
    person = await fresh(play)
    text = '<a href="https://example.com/">x</a>'
    await play.ok("sendMessage", chat_id=person, text=text, parse_mode="HTML", reply_markup={"keyboard": [["Ndiyo"]]})
    assert (await play.traffic(person))["down_bytes"] == 48 + 1 + 12 + len("https://example.com/") + 8 + 5


async def test_texts_and_taps_cost_their_way_up_and_answers_their_way_down(play: Play) -> None:
    person = await play.person()
    sent = await play.ok("sendMessage", chat_id=person, text="?", reply_markup=keyboard({"A": "abc"}))
    await play.control("DELETE", f"/users/{person}/traffic")
    await play.say(person, "habari")
    tapping = play.begin_tap(person, sent["message_id"], data="abc")
    query = (await play.next_update("callback_query"))["callback_query"]
    await play.ok("answerCallbackQuery", callback_query_id=query["id"], text="é")
    await tapping
    traffic = await play.traffic(person)
    assert traffic["up_bytes"] == 48 + 6 + 48 + 3
    assert traffic["down_bytes"] == 24 + 2


async def test_an_unseen_message_costs_nothing(play: Play) -> None:
    person = await fresh(play)
    await play.link(person, online=False)
    await play.ok("sendMessage", chat_id=person, text="abc")
    assert (await play.traffic(person))["down_bytes"] == 0


async def test_a_photo_is_fetched_once(play: Play) -> None:
    person = await fresh(play)
    sent = await upload(play, "sendPhoto", person, photo=("a.png", png(400, 300), "image/png"))
    size = sent["photo"][-1]["file_size"]
    assert (await play.traffic(person))["media_bytes"] == size
    await play.ok("sendPhoto", chat_id=person, photo=sent["photo"][0]["file_id"])
    assert (await play.traffic(person))["media_bytes"] == size
    other = await play.person()
    await play.ok("sendPhoto", chat_id=other, photo=sent["photo"][0]["file_id"])
    assert (await play.traffic(other))["media_bytes"] == size


async def test_a_large_document_is_fetched_when_it_is_opened(play: Play) -> None:
    person = await fresh(play)
    large = b"x" * 1_000_001
    sent = await upload(play, "sendDocument", person, document=("a.bin", large, "application/octet-stream"))
    assert (await play.traffic(person))["media_bytes"] == 0
    for _ in range(2):
        url = f"{play.base_url}/sandbox/files/{sent['document']['file_id']}"
        assert (await play.http.get(url, params={"user_id": person})).content == large
    assert (await play.traffic(person))["media_bytes"] == len(large)


async def test_what_the_phone_sent_costs_its_way_up_and_is_not_fetched_again(play: Play) -> None:
    person = await fresh(play)
    content = png(200, 200)
    url = f"{play.base_url}/sandbox/users/{person}/messages"
    await play.http.post(url, files={"photo": ("a.png", content, "image/png")})
    (update,) = await play.updates()
    assert (await play.traffic(person))["up_bytes"] == 48 + len(content)
    await play.ok("sendPhoto", chat_id=person, photo=update["message"]["photo"][-1]["file_id"])
    assert (await play.traffic(person))["media_bytes"] == 0
