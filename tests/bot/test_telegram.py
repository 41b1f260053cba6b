"""aiogram as the bot imports it: its models are built when they are used."""

import subprocess
import sys

import pytest

SCRIPT = """
from bot.telegram import Bot, EditMessageText, InlineKeyboardMarkup, SendMessage
from aiogram import types
from aiogram.methods.base import Response
from pydantic import BaseModel

models = [model for model in vars(types).values() if isinstance(model, type) and issubclass(model, BaseModel)]
print("unbuilt", sum(not model.__pydantic_complete__ for model in models), "of", len(models))

buttons = InlineKeyboardMarkup.model_validate({"inline_keyboard": [[{"text": "Yes", "callback_data": "1"}]]})
print("sent", SendMessage(chat_id=1, text="Hi", reply_markup=buttons).model_dump_json(exclude_unset=True))

answer = '{"ok": true, "result": {"message_id": 7, "date": 1, "chat": {"id": 1, "type": "private"}}}'
print("read", Response[types.Message].model_validate_json(answer).result.chat.type)

update = {"update_id": 1, "callback_query": {"id": "2", "from": {"id": 3, "is_bot": False, "first_name": "Asha"},
          "chat_instance": "4", "data": "a:1"}}
print("tapped", types.Update.model_validate(update).callback_query.data)  # most models are parts of an update

class Own(BaseModel):
    x: int
print("others are built at once", Own.__pydantic_complete__)
"""


@pytest.mark.unit
def test_models_are_built_when_they_are_used_and_are_whole_then() -> None:
    said = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True, timeout=60).stdout
    lines = said.splitlines()
    unbuilt, models = (int(word) for word in lines[0].removeprefix("unbuilt ").split(" of "))
    assert models > 300
    assert unbuilt > models * 0.9, "most models were built by the import"
    assert lines[1:] == [
        'sent {"chat_id":1,"text":"Hi","reply_markup":{"inline_keyboard":[[{"text":"Yes","callback_data":"1"}]]}}',
        "read private",
        "tapped a:1",
        "others are built at once True",
    ]
