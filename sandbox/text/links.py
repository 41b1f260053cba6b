"""What a text may link to."""

import re

from sandbox.records import Json

_USER_LINK = re.compile(r"tg://user\?id=([0-9]{1,15})", re.IGNORECASE)


def link_entity(url: str, start: int, length: int) -> Json | None:
    """A link to a page, or to a person; None if the URL is nothing that Telegram links to."""
    url = url.strip()
    if match := _USER_LINK.fullmatch(url):
        return mention_entity(int(match[1]), start, length)
    if "://" not in url:
        if not re.match(r"[\w-]+(\.[\w-]+)+([/?#:]|$)", url):
            return None
        url = f"http://{url}"
    if not re.match(r"(https?|ftp|tg|ton|tonsite)://[^\s]", url, re.IGNORECASE):
        return None
    if re.fullmatch(r"https?://[^\s/?#]+", url, re.IGNORECASE):
        url += "/"
    return {"offset": start, "length": length, "type": "text_link", "url": url}


def time_entity(unix: str, shape: str, start: int, length: int) -> Json | None:
    """A time, ``shape`` saying how phones write it ('' as the text has it); None if ``unix`` is no time."""
    if not re.fullmatch(r"[0-9]{1,12}", unix):
        return None
    more = {"date_time_format": shape} if shape else {}
    return {"offset": start, "length": length, "type": "date_time", "unix_time": int(unix), **more}


def mention_entity(user_id: int, start: int, length: int) -> Json:
    """A link to a person."""
    user = {"id": user_id, "is_bot": False, "first_name": ""}
    return {"offset": start, "length": length, "type": "text_mention", "user": user}
