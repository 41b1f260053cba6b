"""What Telegram finds in a text by itself: links, addresses, commands, tags, phone numbers."""

import re
from collections.abc import Iterator

_GENERIC = "app biz com dev edu gov info int mil mobi name net org page pro shop site store tech xyz"
_COUNTRIES = """
ac ad ae af ag ai al am ao ar at au az ba bb bd be bf bg bh bi bj bn bo br bs bt bw by bz ca cc cd cf cg ch ci cl cm
cn co cr cu cv cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fm fr ga gd ge gh gl gm gn gq gr gt gw gy hk hn hr
ht hu id ie il in io iq ir is it jm jo jp ke kg kh km kn kp kr kw kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mk
ml mm mn mo mr mt mu mv mw mx my mz na ne ng ni nl no np nz om pa pe pg ph pk pl ps pt pw py qa ro rs ru rw sa sb sc
sd se sg si sk sl sm sn so ss st su sv sy sz td tg th tj tl tm tn to tr tt tv tw tz ua ug uk us uy uz va vc ve vn vu
ws ye za zm zw
"""
_ENDINGS = "|".join((_GENERIC + _COUNTRIES).split())
"""The ends of names that make a bare domain a link; Telegram knows all that there are."""

_MAY_HOLD = re.compile(r"[/@#$+]|\w\.\w")
_FOUND = re.compile(
    r"(?P<url>\bhttps?://[^\s<>\"]+[^\s<>\".,;:!?)\]']"
    rf"|(?<![\w@./$#-])(?:[^\W_][\w-]*\.)+(?i:{_ENDINGS})\b(?![\w@-]|\.\w)(?::[0-9]{{1,5}})?"
    r"(?:[/?#](?:[^\s<>\"]*[^\s<>\".,;:!?)\]'])?)?)"
    r"|(?P<email>\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?<![\w@/])(?P<mention>@[A-Za-z]\w{3,31})\b"
    r"|(?<![\w/@<>])(?P<bot_command>/[A-Za-z0-9_]{1,64}(?:@[A-Za-z]\w{2,31})?)(?![\w/])"
    r"|(?<!\w)(?P<hashtag>#\w*[^\W\d]\w*)"
    r"|(?<![\w$])(?P<cashtag>\$(?:1INCH|[A-Z]{1,8}))(?![\w$])"
    r"|(?<![\w+])(?P<phone_number>\+[0-9](?:[ ()-]{0,2}[0-9]){6,14})(?!\w)"
)


def found_in(text: str) -> Iterator[tuple[str, int, int]]:
    """What is found, in order: the entity's type, and where in the text it begins and ends (in characters)."""
    if _MAY_HOLD.search(text) is None:
        return
    for match in _FOUND.finditer(text):
        yield match.lastgroup or "", match.start(), match.end()
