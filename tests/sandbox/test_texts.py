"""HTML, MarkdownV2 and given entities become text with entities, or the complaint that Telegram makes."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.errors import ApiError
from sandbox.records import Json
from sandbox.text.entities import FormattedText, check_given, finish, utf16_length
from sandbox.text.html import parse_html
from sandbox.text.markdown import parse_markdown
from sandbox.text.render import as_html

pytestmark = pytest.mark.unit


def short(entities: list[Json]) -> list[tuple[object, ...]]:
    """Entities as (type, offset, length, whatever else)."""
    known = ("type", "offset", "length")
    return [
        (one["type"], one["offset"], one["length"], *(value for name, value in one.items() if name not in known))
        for one in entities
    ]


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("plain", "plain", []),
        ("<b>a</b> <strong>b</strong>", "a b", [("bold", 0, 1), ("bold", 2, 1)]),
        ("<b>a</b><b>b</b>", "ab", [("bold", 0, 2)]),
        ("<i>a</i><em>b</em>", "ab", [("italic", 0, 2)]),
        ("<u>a</u><s>b</s><strike>c</strike><del>d</del>", "abcd", [("underline", 0, 1), ("strikethrough", 1, 3)]),
        ("<tg-spoiler>a</tg-spoiler> <span class='tg-spoiler'>b</span>", "a b", [("spoiler", 0, 1), ("spoiler", 2, 1)]),
        ("<b>bold <i>both</i></b>", "bold both", [("bold", 0, 9), ("italic", 5, 4)]),
        ("🏟<b>🏟</b>", "🏟🏟", [("bold", 2, 2)]),
        ("&lt;&gt;&amp;&quot;&#65;&#x42;", '<>&"AB', []),
        ("&nbsp;&#0;&", "&nbsp;&#0;&", []),
        ("<code>x</code>", "x", [("code", 0, 1)]),
        ("<pre>x</pre>", "x", [("pre", 0, 1)]),
        ('<pre><code class="language-python">x</code></pre>', "x", [("pre", 0, 1, "python")]),
        ('<code class="language-python">x</code>', "x", [("code", 0, 1)]),
        ("<code><b>x</b></code>", "x", [("code", 0, 1)]),
        ("<blockquote>q</blockquote>", "q", [("blockquote", 0, 1)]),
        ("<blockquote expandable>q</blockquote>", "q", [("expandable_blockquote", 0, 1)]),
        ('<a href="https://example.com">x</a>', "x", [("text_link", 0, 1, "https://example.com/")]),
        (
            '<a href="https://example.com/?a=1&amp;b=2">x</a>',
            "x",
            [("text_link", 0, 1, "https://example.com/?a=1&b=2")],
        ),
        ('<a href="javascript:alert(1)">x</a>', "x", []),
        ('<a href="javascript://example.com/%0aalert(1)">x</a>', "x", []),
        ('<a href="tg://user?id=5">x</a>', "x", [("text_mention", 0, 1, {"id": 5, "is_bot": False, "first_name": ""})]),
        ('<tg-emoji emoji-id="12">👍</tg-emoji>', "👍", [("custom_emoji", 0, 2, "12")]),
        ('<tg-time unix="60" format="t">x</tg-time>', "x", [("date_time", 0, 1, 60, "t")]),
        ("  <b> a </b>  ", "a", [("bold", 0, 1)]),
        ("a<b></b>", "a", []),
        ("<B>x</B>", "x", [("bold", 0, 1)]),
        ("<b>x</>", "x", [("bold", 0, 1)]),
    ],
)
def test_html_becomes_entities(source: str, text: str, entities: list[tuple[object, ...]]) -> None:
    formatted = finish(*parse_html(source), detect=False)
    assert (formatted.text, short(formatted.entities)) == (text, entities)


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("é<x>", 'Unsupported start tag "x" at byte offset 2'),
        ("a < b", 'Unsupported start tag "" at byte offset 2'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<a href='x", "Unclosed start tag at byte offset 0"),
        ("<a href", 'Unclosed start tag "a" at byte offset 0'),
        ("<a href=", 'Unclosed start tag "a" at byte offset 0'),
        ("<a ='x'>y</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<a href=x/y>z</a>", "Unexpected end of name token at byte offset 8"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<tg-emoji emoji-id='no'>x</tg-emoji>", "Invalid custom emoji identifier specified"),
    ],
)
def test_wrong_html_is_refused_with_telegrams_words(source: str, complaint: str) -> None:
    with pytest.raises(ApiError) as caught:
        parse_html(source)
    assert caught.value.description == f"Bad Request: can't parse entities: {complaint}"


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("*a* _b_ __c__ ~d~ ||e||", "a b c d e", ["bold", "italic", "underline", "strikethrough", "spoiler"]),
        ("*a _b_*", "a b", ["bold", "italic"]),
        ("`a*b`", "a*b", ["code"]),
        ("```\na\n```", "a", ["pre"]),
        ("```python\na```", "a", ["pre"]),
        (r"\*a\*\.", "*a*.", []),
        ("[x](https://example.com/a\\)b)", "x", ["text_link"]),
        ("![👍](tg://emoji?id=5)", "👍", ["custom_emoji"]),
        ("![x](tg://time?unix=60)", "x", ["date_time"]),
        (">a\n>b\nc", "a\nb\nc", ["blockquote"]),
        (">a\n>b||", "a\nb", ["expandable_blockquote"]),
        ("c\n>a", "c\na", ["blockquote"]),
        (">a\n**>b", "a\nb", ["blockquote", "blockquote"]),
        ("*a*\n**>b", "a\nb", ["bold", "blockquote"]),
        ("c\\\n>a", "c\na", ["blockquote"]),
        (">a\r\n>b||\r\nc", "a\nb\nc", ["expandable_blockquote"]),
    ],
)
def test_markdown_becomes_entities(source: str, text: str, entities: list[str]) -> None:
    formatted = finish(*parse_markdown(source), detect=False)
    assert (formatted.text, [one["type"] for one in formatted.entities]) == (text, entities)


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("a.", "Character '.' is reserved and must be escaped with the preceding '\\'"),
        ("a > b", "Character '>' is reserved and must be escaped with the preceding '\\'"),
        ("a | b", "Character '|' is reserved and must be escaped with the preceding '\\'"),
        ("é *a", "Can't find end of Bold entity at byte offset 3"),
        ("_a", "Can't find end of Italic entity at byte offset 0"),
        ("```py\na", "Can't find end of PreCode entity at byte offset 0"),
        ("[x](http", "Can't find end of a URL at byte offset 4"),
        (">*a\nb", "Can't find end of Bold entity at byte offset 1"),
        ("*>a*", "Can't find end of Bold entity at byte offset 3"),
        ("*a*>b", "Character '>' is reserved and must be escaped with the preceding '\\'"),
        ("![x]", "Custom emoji entity must contain a tg://emoji URL"),
        ("![x](tg://time?unix=soon)", "Invalid time specified"),
        ("![x](http://a)", "Custom emoji URL must have an emoji identifier"),
    ],
)
def test_wrong_markdown_is_refused_with_telegrams_words(source: str, complaint: str) -> None:
    with pytest.raises(ApiError) as caught:
        parse_markdown(source)
    assert caught.value.description == f"Bad Request: can't parse entities: {complaint}"


@pytest.mark.parametrize(
    ("source", "types"),
    [
        ("||*_a_*||", ["bold", "italic", "spoiler"]),
        ("~__a__~", ["underline", "strikethrough"]),
        ("*[a](https://example.com)*", ["text_link", "bold"]),
        (">`a`", ["blockquote", "code"]),
        ("`a`\n>`b`", ["code", "blockquote", "code"]),
        ("*![👍](tg://emoji?id=5)*", ["bold", "custom_emoji"]),
    ],
)
def test_entities_over_the_same_text_have_telegrams_order(source: str, types: list[str]) -> None:
    formatted = finish(*parse_markdown(source), detect=False)
    assert [one["type"] for one in formatted.entities] == types


EXAMPLE = r"""*bold \*text*
_italic \*text_
__underline__
~strikethrough~
||spoiler||
*bold _italic bold ~italic bold strikethrough ||italic bold strikethrough spoiler||~ __underline italic bold___ bold*
[inline URL](http://www.example.com/)
[inline mention of a user](tg://user?id=123456789)
![👍](tg://emoji?id=5368324170671202286)
![22:45 tomorrow](tg://time?unix=1647531900&format=wDT)
![22:45 tomorrow](tg://time?unix=1647531900)
`inline fixed-width code`
```
pre-formatted fixed-width code block
```
```python
pre-formatted fixed-width code block written in the Python programming language
```
>Block quotation started
>The last line of the block quotation
**>The expandable block quotation started right after the previous block quotation
>It is separated from the previous block quotation by an empty bold entity
>The last line of the expandable block quotation with the expandability mark||"""


def test_the_example_in_the_description_of_markdown_is_understood() -> None:
    formatted = finish(*parse_markdown(EXAMPLE), detect=False)
    units = formatted.text.encode("utf-16-le")
    lines = [
        (units[2 * one["offset"] : 2 * (one["offset"] + one["length"])].decode("utf-16-le"), *rest[0:1], *rest[3:])
        for one, rest in zip(formatted.entities, short(formatted.entities), strict=True)
    ]
    assert [kind for _, kind, *_ in lines[:9]] == [
        *("bold", "italic", "underline", "strikethrough", "spoiler"),
        *("bold", "italic", "strikethrough", "spoiler"),
    ]
    assert lines[9] == ("underline italic bold", "underline")
    assert [(kind, *more) for _, kind, *more in lines[10:]] == [
        ("text_link", "http://www.example.com/"),
        ("text_mention", {"id": 123456789, "is_bot": False, "first_name": ""}),
        ("custom_emoji", "5368324170671202286"),
        ("date_time", 1647531900, "wDT"),
        ("date_time", 1647531900),
        ("code",),
        ("pre",),
        ("pre", "python"),
        ("blockquote",),
        ("expandable_blockquote",),
    ]
    assert lines[-2][0] == "Block quotation started\nThe last line of the block quotation"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/start abc", [("bot_command", 0, 6)]),
        ("see /help@first_bot", [("bot_command", 4, 15)]),
        ("a/b", []),
        ("@first_bot", [("mention", 0, 10)]),
        ("#swahili", [("hashtag", 0, 8)]),
        ("#1", []),
        ("https://example.com/a?b=1.", [("url", 0, 25)]),
        ("write to a.b@example.com", [("email", 9, 15)]),
        ("🏟 /go", [("bot_command", 3, 3)]),
        ("see example.com, or not", [("url", 4, 11)]),
        ("www.example.co.ke/a?b=1.", [("url", 0, 23)]),
        ("Example.ORG:80", [("url", 0, 14)]),
        ("john.com@example.com", [("email", 0, 20)]),
        ("@example.com", [("mention", 0, 8)]),
        ("3.14 e.g. a.b.c data.csv x.comb a.com.zz1 x.com-y .com", []),
        ("$USD $usd a$USD $TOOLONGTAG $A$B", [("cashtag", 0, 4)]),
        ("+1-212-555-0123", [("phone_number", 0, 15)]),
        ("call +254 700 000001 or +12", [("phone_number", 5, 15)]),
        ("1+254700000001 +254700000001x", []),
    ],
)
def test_links_and_commands_are_found_in_plain_text(text: str, found: list[tuple[str, int, int]]) -> None:
    assert short(finish(text, []).entities) == found


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [("a\r\nb", "a\nb"), ("a\tb\nc", "a\tb\nc"), ("a\x00b\x0bc\x1fd", "a b c d"), ("\r\x01\r", ""), ("\x7f", "\x7f")],
)
def test_control_characters_do_not_reach_the_chat(text: str, cleaned: str) -> None:
    assert finish(text, []).text == cleaned


def test_entities_keep_to_their_text_when_characters_are_dropped() -> None:
    formatted = finish(*parse_html("\r🏟\r\n<b>b\r</b>\rc <i>\r</i><u>d</u>"))
    assert formatted.text == "🏟\nbc d"
    assert short(formatted.entities) == [("bold", 3, 1), ("underline", 6, 1)]


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"type": "bold", "offset": 3, "length": 9}, "ends after the end of the text at UTF-16 offset 5"),
        ({"type": "bold", "offset": 2, "length": 1}, "begins in a middle of a UTF-16 symbol"),
        ({"type": "bold", "offset": 0, "length": 2}, "ends in a middle of a UTF-16 symbol"),
        ({"type": "loud", "offset": 0, "length": 1}, "unsupported type"),
        ({"type": "bold", "offset": -1, "length": 2}, "ends after the end"),
        ({"type": "bold", "offset": "0", "length": 1}, "can't parse MessageEntity"),
    ],
)
def test_given_entities_must_fit_the_text(given: Json, complaint: str) -> None:
    with pytest.raises(ApiError, match=complaint):
        check_given("a🏟bc", [given])


def test_given_entities_are_kept() -> None:
    link = {"type": "text_link", "offset": 1, "length": 2, "url": "https://example.com/", "extra": 1}
    assert short(check_given("a🏟b", [link])) == [("text_link", 1, 2, "https://example.com/")]


PIECES = st.sampled_from(["a", "🏟", "é", " ", "<b>", "</b>", "<i>", "</i>", "<code>", "</code>", "&amp;", "&", "\n"])


def parsed(parse: Callable[[str], tuple[str, list[Json]]], source: str) -> FormattedText | None:
    """The text as it would be kept; None if it is refused, which must be in Telegram's words."""
    refusal = ""
    try:
        return finish(*parse(source))
    except ApiError as error:
        refusal = error.description
    assert refusal.startswith("Bad Request: can't parse entities: ")
    return None


@given(st.lists(PIECES, max_size=20))
def test_whatever_html_comes_entities_fit_the_text(pieces: list[str]) -> None:
    formatted = parsed(parse_html, "".join(pieces))
    if formatted is None:
        return
    assert formatted.text == formatted.text.strip()
    for one in formatted.entities:
        assert one["length"] > 0
        assert 0 <= one["offset"] <= one["offset"] + one["length"] <= utf16_length(formatted.text)
    assert check_given(formatted.text, formatted.entities) == formatted.entities


@given(st.lists(st.sampled_from(["a", "🏟", *"*_~|`[]()>!.\\\n", "||", "```", "__"]), max_size=20))
def test_whatever_markdown_comes_it_is_parsed_or_refused(pieces: list[str]) -> None:
    formatted = parsed(parse_markdown, "".join(pieces))
    if formatted is not None:
        assert check_given(formatted.text, formatted.entities) == formatted.entities


@given(st.text(max_size=30))
def test_text_without_markup_is_escaped_on_the_screen(text: str) -> None:
    shown = as_html(text, [])
    assert "<" not in shown
    assert parse_html(shown.replace("&#x27;", "'"))[0] == text


@given(st.lists(PIECES, max_size=20))
def test_the_screen_shows_the_same_entities_again(pieces: list[str]) -> None:
    try:
        formatted = finish(*parse_html("".join(pieces)), detect=False)
    except ApiError:
        return
    again = finish(*parse_html(as_html(formatted.text, formatted.entities)), detect=False)
    assert again.text == formatted.text
    assert sorted(short(again.entities), key=str) == sorted(short(formatted.entities), key=str)


def test_crossing_entities_are_nested_on_the_screen() -> None:
    crossing = [{"type": "bold", "offset": 0, "length": 2}, {"type": "italic", "offset": 1, "length": 2}]
    assert as_html("a<c", crossing) == "<b>a<i>&lt;</i></b><i>c</i>"


@pytest.mark.parametrize(
    "source",
    [
        '<pre><code class="language-python">x</code></pre>',
        "<blockquote expandable>x</blockquote>",
        '<a href="https://example.com/?a=1&amp;b=2">x</a>',
        "<tg-spoiler>x</tg-spoiler>",
        "<b>a<i>b</i></b>",
    ],
)
def test_the_screen_shows_what_was_written(source: str) -> None:
    formatted = finish(*parse_html(source))
    assert as_html(formatted.text, formatted.entities) == source


def test_what_the_screen_cannot_show_is_shown_as_text() -> None:
    formatted = finish(*parse_html('<tg-emoji emoji-id="12">👍</tg-emoji>'))
    assert as_html(formatted.text, formatted.entities) == "👍"
