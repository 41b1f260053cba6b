"""Sending, editing, deleting, forwarding: what bots may do, and what they are told when they may not."""

import pytest

from tests.sandbox.conftest import Json, Play, keyboard
from tests.sandbox.test_files import upload
from tests.sandbox.test_requests import png

NOT_MODIFIED = (
    "400 Bad Request: message is not modified: specified new message content and reply markup are exactly "
    "the same as a current content and reply markup of the message"
)


async def test_a_sent_message_is_answered_as_telegram_does_and_shown(play: Play) -> None:
    person = await play.person("sw", last_name="Juma", username="amina")
    sent = await play.ok("sendMessage", chat_id=person, text="<b>Habari</b>", parse_mode="HTML", protect_content=True)
    assert sent["from"] == {"id": 123456, "is_bot": True, "first_name": "First", "username": "first_bot"}
    assert sent["chat"] == {
        "id": person,
        "first_name": "Amina",
        "last_name": "Juma",
        "username": "amina",
        "type": "private",
    }
    assert sent["entities"] == [{"type": "bold", "offset": 0, "length": 6}]
    assert sent["has_protected_content"]
    shown = (await play.messages(person))[-1]
    assert (shown["message_id"], shown["html"]) == (sent["message_id"], "<b>Habari</b>")
    assert shown["from_bot"]
    assert not shown["edited"]


async def test_message_ids_are_one_series_over_all_chats_of_a_bot(play: Play) -> None:
    one, other = await play.person(), await play.person()
    first = await play.ok("sendMessage", chat_id=one, text="a")
    second = await play.ok("sendMessage", chat_id=other, text="b")
    assert second["message_id"] == first["message_id"] + 1


@pytest.mark.parametrize("text", ["", " \n ", "<b> </b>"])
async def test_an_empty_text_is_refused(play: Play, text: str) -> None:
    person = await play.person()
    refusal = await play.refused("sendMessage", chat_id=person, text=text, parse_mode="HTML")
    assert refusal == "400 Bad Request: message text is empty"


async def test_a_text_has_4096_units_after_parsing(play: Play) -> None:
    person = await play.person()
    text = "<b>" + "x" * 4096 + "</b>"
    await play.ok("sendMessage", chat_id=person, text=text, parse_mode="HTML")
    for long in ("x" * 4097, "🏟" * 2049):
        assert await play.refused("sendMessage", chat_id=person, text=long) == "400 Bad Request: message is too long"


async def test_an_unparsable_text_is_refused(play: Play) -> None:
    person = await play.person()
    refusal = await play.refused("sendMessage", chat_id=person, text="<b>x", parse_mode="HTML")
    assert refusal == "400 Bad Request: can't parse entities: Can't find end tag corresponding to start tag \"b\""
    refusal = await play.refused("sendMessage", chat_id=person, text="x", parse_mode="RTF")
    assert refusal == "400 Bad Request: unsupported parse_mode"


async def test_given_entities_are_used(play: Play) -> None:
    person = await play.person()
    entities = [{"type": "italic", "offset": 0, "length": 2}]
    sent = await play.ok("sendMessage", chat_id=person, text="abc", entities=entities)
    assert sent["entities"] == entities


@pytest.mark.parametrize(("data", "accepted"), [("x" * 64, True), ("é" * 32, True), ("é" * 33, False), ("", False)])
async def test_callback_data_has_1_to_64_bytes(play: Play, data: str, accepted: bool) -> None:
    person = await play.person()
    answer = await play.call("sendMessage", chat_id=person, text="x", reply_markup=keyboard({"A": data}))
    assert answer["ok"] == accepted
    if not accepted:
        assert answer["description"] == "Bad Request: BUTTON_DATA_INVALID"


@pytest.mark.parametrize(
    ("rows", "columns", "accepted"), [(100, 1, True), (101, 1, False), (1, 8, True), (1, 9, False)]
)
async def test_a_keyboard_has_100_buttons_and_8_in_a_row(play: Play, rows: int, columns: int, accepted: bool) -> None:
    person = await play.person()
    button = {"text": "A", "callback_data": "a"}
    markup = {"inline_keyboard": [[button] * columns] * rows}
    assert (await play.call("sendMessage", chat_id=person, text="x", reply_markup=markup))["ok"] == accepted


@pytest.mark.parametrize(
    ("markup", "complaint"),
    [
        ({"inline_keyboard": [[{"text": "A"}]]}, "Text buttons are unallowed in the inline keyboard"),
        ({"inline_keyboard": [[{"callback_data": "a"}]]}, "must be of type String"),
        ({"inline_keyboard": [{"text": "A"}]}, "an Array of Array expected"),
        ({"inline_keyboard": [[{"text": "A", "url": "nowhere"}]]}, "Wrong HTTP URL"),
        ({"inline_keyboard": [[{"text": "A", "url": "javascript:alert(1)"}]]}, "Wrong HTTP URL"),
        ({"keyboard": [[{"label": "A"}]]}, "must be of type String"),
        ({"something": 1}, "object expected as reply markup"),
    ],
)
async def test_a_wrong_keyboard_is_refused(play: Play, markup: object, complaint: str) -> None:
    person = await play.person()
    assert complaint in await play.refused("sendMessage", chat_id=person, text="x", reply_markup=markup)


async def test_a_button_may_lead_to_a_page(play: Play) -> None:
    person = await play.person()
    markup = {"inline_keyboard": [[{"text": "A", "url": "https://example.com", "style": "primary"}]]}
    sent = await play.ok("sendMessage", chat_id=person, text="x", reply_markup=markup)
    assert sent["reply_markup"]["inline_keyboard"][0][0]["style"] == "primary"
    buttons = (await play.messages(person))[-1]["buttons"]
    assert buttons == [[{"label": "A", "data": None, "url": "https://example.com/"}]]


async def test_a_reply_keyboard_stands_below_the_chat_until_it_is_removed(play: Play) -> None:
    person = await play.person()
    rows = [["Ndiyo", {"text": "Namba", "request_contact": True}], ["Hapana"]]
    sent = await play.ok("sendMessage", chat_id=person, text="x", reply_markup={"keyboard": rows})
    assert "reply_markup" not in sent
    chat = await play.chat(person)
    assert chat["reply_keyboard"] == [["Ndiyo", "Namba"], ["Hapana"]]
    assert chat["contact_labels"] == ["Namba"]
    await play.ok("sendMessage", chat_id=person, text="y")
    assert (await play.chat(person))["reply_keyboard"]
    await play.ok("sendMessage", chat_id=person, text="z", reply_markup={"remove_keyboard": True})
    assert (await play.chat(person))["reply_keyboard"] == []


async def test_a_reply_keyboard_may_be_larger_than_an_inline_one(play: Play) -> None:
    person = await play.person()
    rows = [[f"{row}.{column}" for column in range(12)] for row in range(20)]
    await play.ok("sendMessage", chat_id=person, text="x", reply_markup={"keyboard": rows})
    assert (await play.chat(person))["reply_keyboard"] == rows


async def test_a_keyboard_for_one_time_goes_away_with_its_use(play: Play) -> None:
    person = await play.person()
    markup = {"keyboard": [["Ndiyo"]], "one_time_keyboard": True}
    await play.ok("sendMessage", chat_id=person, text="x", reply_markup=markup)
    await play.say(person, "Labda")
    assert (await play.chat(person))["reply_keyboard"] == [["Ndiyo"]]
    await play.say(person, "Ndiyo")
    assert (await play.chat(person))["reply_keyboard"] == []


async def test_a_keyboard_for_one_time_goes_away_when_the_number_is_shared(play: Play) -> None:
    person = await play.person()
    markup: Json = {"keyboard": [[{"text": "Namba"}]], "one_time_keyboard": True}
    await play.ok("sendMessage", chat_id=person, text="x", reply_markup=markup)
    await play.control("POST", f"/users/{person}/messages", {"contact": True})
    assert (await play.chat(person))["reply_keyboard"] == [["Namba"]], "no button of it asked for the number"
    markup["keyboard"][0][0]["request_contact"] = True
    await play.ok("sendMessage", chat_id=person, text="x", reply_markup=markup)
    await play.control("POST", f"/users/{person}/messages", {"contact": True})
    assert (await play.chat(person))["reply_keyboard"] == []


async def test_an_edit_changes_text_and_keyboard_in_place(play: Play) -> None:
    person = await play.person()
    sent = await play.ok("sendMessage", chat_id=person, text="1", reply_markup=keyboard({"A": "a"}))
    edited = await play.ok("editMessageText", chat_id=person, message_id=sent["message_id"], text="2")
    assert edited["message_id"] == sent["message_id"]
    assert edited["edit_date"] >= sent["date"]
    assert "reply_markup" not in edited
    shown = (await play.messages(person))[-1]
    assert (shown["text"], shown["buttons"], shown["edited"]) == ("2", [], True)


async def test_an_edit_that_changes_nothing_is_refused(play: Play) -> None:
    person = await play.person()
    sent = await play.ok("sendMessage", chat_id=person, text="1", reply_markup=keyboard({"A": "a"}))
    same = {"chat_id": person, "message_id": sent["message_id"], "reply_markup": keyboard({"A": "a"})}
    assert await play.refused("editMessageText", text="<b></b>1 ", parse_mode="HTML", **same) == NOT_MODIFIED
    assert await play.refused("editMessageReplyMarkup", **same) == NOT_MODIFIED
    await play.ok("editMessageReplyMarkup", chat_id=person, message_id=sent["message_id"])
    assert (await play.messages(person))[-1]["buttons"] == []


async def test_options_for_a_preview_of_no_link_change_nothing(play: Play) -> None:
    person = await play.person()
    off = {"is_disabled": True}
    sent = await play.ok("sendMessage", chat_id=person, text="1")
    same = {"chat_id": person, "message_id": sent["message_id"], "text": "1"}
    assert await play.refused("editMessageText", link_preview_options=off, **same) == NOT_MODIFIED
    await play.ok("editMessageText", link_preview_options={"url": "https://example.com"}, **same)
    for text, entities in (
        ("example.com", []),
        ("x", [{"type": "text_link", "offset": 0, "length": 1, "url": "a.io"}]),
    ):
        linked = await play.ok("sendMessage", chat_id=person, text=text, entities=entities)
        same = {"chat_id": person, "message_id": linked["message_id"], "text": text, "entities": entities}
        assert await play.refused("editMessageText", **same) == NOT_MODIFIED
        await play.ok("editMessageText", link_preview_options=off, **same)


@pytest.mark.parametrize(
    "markup",
    [{"keyboard": [["Ndiyo"]]}, {"remove_keyboard": True}, {"force_reply": True}],
    ids=lambda one: next(iter(one)),
)
async def test_a_message_that_came_with_a_reply_keyboard_cannot_be_edited(play: Play, markup: Json) -> None:
    person = await play.person()
    sent = await play.ok("sendMessage", chat_id=person, text="x", reply_markup=markup)
    edit = {"chat_id": person, "message_id": sent["message_id"]}
    assert await play.refused("editMessageText", text="y", **edit) == "400 Bad Request: message can't be edited"


async def test_what_is_not_there_or_not_the_bots_cannot_be_edited(play: Play) -> None:
    person = await play.person()
    own = (await play.messages(person))[0]["message_id"]
    edit: Json = {"chat_id": person, "text": "x"}
    assert await play.refused("editMessageText", message_id=999, **edit) == "400 Bad Request: message to edit not found"
    assert await play.refused("editMessageText", message_id=own, **edit) == "400 Bad Request: message can't be edited"
    assert await play.refused("editMessageText", **edit) == "400 Bad Request: message identifier is not specified"
    sent = await play.ok("sendMessage", chat_id=person, text="x")
    refusal = await play.refused("editMessageCaption", chat_id=person, message_id=sent["message_id"], caption="c")
    assert refusal == "400 Bad Request: there is no caption in the message to edit"
    keys = {"keyboard": [["A"]]}
    refusal = await play.refused("editMessageText", message_id=sent["message_id"], reply_markup=keys, **edit)
    assert refusal == "400 Bad Request: inline keyboard expected"


async def test_a_message_that_the_person_deleted_is_not_found(play: Play) -> None:
    person = await play.person()
    sent = await play.ok("sendMessage", chat_id=person, text="x")
    await play.control("DELETE", f"/users/{person}/messages/{sent['message_id']}")
    assert await play.texts(person) == ["/start"]
    refusal = await play.refused("editMessageText", chat_id=person, message_id=sent["message_id"], text="y")
    assert refusal == "400 Bad Request: message to edit not found"


async def test_a_bot_deletes_messages_of_the_last_two_days(play: Play) -> None:
    person = await play.person()
    ids = [(await play.ok("sendMessage", chat_id=person, text=text))["message_id"] for text in "abcd"]
    await play.ok("deleteMessage", chat_id=person, message_id=ids[0])
    await play.ok("deleteMessages", chat_id=person, message_ids=[ids[1], 999])
    assert await play.texts(person) == ["/start", "c", "d"]
    refusal = await play.refused("deleteMessage", chat_id=person, message_id=ids[0])
    assert refusal == "400 Bad Request: message to delete not found"
    await play.advance(48 * 3600 + 1)
    refusal = await play.refused("deleteMessage", chat_id=person, message_id=ids[2])
    assert refusal == "400 Bad Request: message can't be deleted for everyone"
    await play.ok("deleteMessages", chat_id=person, message_ids=ids[2:])
    assert await play.texts(person) == ["/start", "c", "d"]
    assert (await play.refused("deleteMessages", chat_id=person, message_ids=[])).startswith("400 ")
    assert (await play.refused("deleteMessages", chat_id=person, message_ids=list(range(101)))).startswith("400 ")


async def test_a_bot_that_was_blocked_is_told_so_and_hears_of_it(play: Play) -> None:
    person = await play.person()
    sent = await play.ok("sendMessage", chat_id=person, text="x")
    await play.control("PUT", f"/users/{person}/blocked", {"blocked": True})
    blocked = "403 Forbidden: bot was blocked by the user"
    assert await play.refused("sendMessage", chat_id=person, text="x") == blocked
    assert await play.refused("sendChatAction", chat_id=person, action="typing") == blocked
    assert await play.refused("editMessageText", chat_id=person, message_id=sent["message_id"], text="y") == blocked
    member = (await play.ok("getChatMember", chat_id=person, user_id=123456))["status"]
    assert member == "kicked"
    update = (await play.next_update("my_chat_member"))["my_chat_member"]
    assert update["old_chat_member"]["status"] == "member"
    assert update["new_chat_member"]["status"] == "kicked"
    await play.control("PUT", f"/users/{person}/blocked", {"blocked": False})
    await play.control("PUT", f"/users/{person}/blocked", {"blocked": False})
    changes = [u["my_chat_member"]["new_chat_member"]["status"] for u in await play.updates() if "my_chat_member" in u]
    assert changes == ["kicked", "member"]
    await play.ok("sendMessage", chat_id=person, text="x")


async def test_a_reply_carries_the_message_it_replies_to(play: Play) -> None:
    person = await play.person()
    first = await play.ok("sendMessage", chat_id=person, text="a")
    reply = await play.ok("sendMessage", chat_id=person, text="b", reply_parameters={"message_id": first["message_id"]})
    assert reply["reply_to_message"]["text"] == "a"
    assert (await play.messages(person))[-1]["reply_to"] == first["message_id"]
    anyway = {"message_id": 999, "allow_sending_without_reply": True}
    assert "reply_to_message" not in await play.ok("sendMessage", chat_id=person, text="c", reply_parameters=anyway)


async def test_a_reply_may_be_asked_for_in_the_old_way(play: Play) -> None:
    person = await play.person()
    first = await play.ok("sendMessage", chat_id=person, text="a")
    reply = await play.ok("sendMessage", chat_id=person, text="b", reply_to_message_id=str(first["message_id"]))
    assert reply["reply_to_message"]["text"] == "a"
    refusal = await play.refused("sendMessage", chat_id=person, text="c", reply_to_message_id=999)
    assert refusal == "400 Bad Request: message to be replied not found"
    anyway: Json = {"reply_to_message_id": 999, "allow_sending_without_reply": True}
    assert "reply_to_message" not in await play.ok("sendMessage", chat_id=person, text="c", **anyway)
    assert "reply_to_message" not in await play.ok("sendMessage", chat_id=person, text="d", reply_to_message_id=0)


async def test_forwarding_names_the_origin_and_copying_does_not(play: Play) -> None:
    person, other = await play.person(first_name="Amina"), await play.person(first_name="Baraka")
    own = (await play.messages(person))[0]["message_id"]
    source = {"chat_id": other, "from_chat_id": person, "message_id": own}
    forwarded = await play.ok("forwardMessage", **source, protect_content=True)
    assert forwarded["forward_origin"]["sender_user"]["first_name"] == "Amina"
    copied = await play.ok("copyMessage", **source, reply_markup=keyboard({"A": "a"}))
    assert list(copied) == ["message_id"]
    chat = await play.messages(other)
    assert [message["text"] for message in chat] == ["/start", "/start", "/start"]
    assert chat[-1]["buttons"]
    again = {"chat_id": person, "from_chat_id": other, "message_id": forwarded["message_id"]}
    assert await play.refused("forwardMessage", **again) == "400 Bad Request: message can't be forwarded"
    await upload(play, "sendPhoto", person, photo=("a.png", png(), "image/png"), caption="old")
    photo = (await play.messages(person))[-1]["message_id"]
    for caption in ("new", ""):
        await play.ok("copyMessage", chat_id=other, from_chat_id=person, message_id=photo, caption=caption)
        assert (await play.texts(other))[-1] == caption
    missing = {**source, "message_id": 999}
    assert await play.refused("forwardMessage", **missing) == "400 Bad Request: message to forward not found"
    assert await play.refused("copyMessage", **missing) == "400 Bad Request: message to copy not found"


async def test_pinned_messages_are_on_top(play: Play) -> None:
    person = await play.person()
    sent = await play.ok("sendMessage", chat_id=person, text="rules")
    pin = {"chat_id": person, "message_id": sent["message_id"]}
    await play.ok("pinChatMessage", **pin)
    assert (await play.chat(person))["pinned"] == [sent["message_id"]]
    assert (await play.ok("getChat", chat_id=person))["pinned_message"]["text"] == "rules"
    await play.ok("unpinChatMessage", **pin)
    assert (await play.chat(person))["pinned"] == []
    assert await play.refused("unpinChatMessage", **pin) == "400 Bad Request: message to unpin not found"


async def test_a_bot_reacts_and_shows_that_it_is_busy(play: Play) -> None:
    person = await play.person()
    own = (await play.messages(person))[0]["message_id"]
    reaction = {"chat_id": person, "message_id": own}
    await play.ok("setMessageReaction", **reaction, reaction=[{"type": "emoji", "emoji": "👍"}])
    refusal = await play.refused("setMessageReaction", **reaction, reaction=[{"type": "loud"}])
    assert refusal == "400 Bad Request: REACTION_INVALID"
    await play.ok("sendChatAction", chat_id=person, action="typing")
    refusal = await play.refused("sendChatAction", chat_id=person, action="dancing")
    assert refusal == "400 Bad Request: wrong parameter action in request"


async def test_get_chat_and_member_tell_who_is_there(play: Play) -> None:
    person = await play.person("am", first_name="ሰላም")
    chat = await play.ok("getChat", chat_id=person)
    assert (chat["type"], chat["first_name"]) == ("private", "ሰላም")
    member = await play.ok("getChatMember", chat_id=person, user_id=person)
    assert member["user"]["language_code"] == "am"
    assert await play.refused("getChatMember", chat_id=person, user_id=5) == "400 Bad Request: member not found"
    assert await play.refused("getChat", chat_id=5) == "400 Bad Request: chat not found"
