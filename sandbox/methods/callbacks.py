"""Answering taps."""

from sandbox.errors import bad_request
from sandbox.methods.registry import Call, method
from sandbox.text.entities import utf16_length

ANSWER_LIMIT = 200
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


@method("answerCallbackQuery")
def answer_callback_query(call: Call) -> bool:
    """Answer a tap: with nothing, a notice or an alert."""
    args = call.args
    text = args.text("text") or ""
    if utf16_length(text) > ANSWER_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG")
    query_id = args.text("callback_query_id") or ""
    alert = args.boolean("show_alert")
    if not call.world.taps.answer(call.account.id, query_id, text, alert=alert, url=args.text("url")):
        raise bad_request(TOO_OLD)
    return True
