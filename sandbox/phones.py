"""A person's phone: what it receives and sends, how fast, and what that costs."""

from collections.abc import Callable

from sandbox.chats import Chat, Outgoing
from sandbox.clock import Clock
from sandbox.link import Pipe
from sandbox.meter import NOTICE_BYTES, Traffic, fetched_files, message_bytes
from sandbox.records import Json, Message, PhoneRecord


class Phone:
    """One phone, with chats with one or more bots.

    Away from the network it shows each chat as it was; when it comes back it gets every message that changed,
    once and as it is by then, and sends what was written meanwhile, in order.
    """

    def __init__(self, record: PhoneRecord, clock: Clock) -> None:
        self.record = record
        self.up = Pipe(clock, record.link)
        self.down = Pipe(clock, record.link)
        self._chats: list[Chat] = []
        self._unsent: list[tuple[Outgoing, Callable[[], None]]] = []

    def add_chat(self, chat: Chat) -> None:
        """The phone has one more chat."""
        self._chats.append(chat)

    def set_link(self, *, online: bool, kbps: float | None, latency_ms: float) -> None:
        """Change the connection. Going offline loses what is under way; coming back catches up."""
        link = self.record.link
        link.online, link.kbps, link.latency_ms = online, kbps, latency_ms
        for chat in self._chats:
            chat.screen.changed()
        if not online:
            self.up.cut()
            self.down.cut()
            return
        for chat in self._chats:
            stale = list(chat.record.stale)
            chat.record.stale.clear()
            for message_id in stale:
                self.bring(chat, message_id)
        unsent, self._unsent = self._unsent, []
        for outgoing, arrive in unsent:
            self.send(outgoing, arrive)

    def bring(self, chat: Chat, message_id: int) -> None:
        """A message of a chat is new, edited or deleted on the server: bring that to the phone."""
        if not self.record.link.online:
            chat.record.stale[message_id] = None
            return

        def lost() -> None:
            chat.record.stale[message_id] = None

        message = chat.record.messages.get(message_id)
        if message is None:
            self.down.send(NOTICE_BYTES, lambda: self._forget(chat, message_id), lost)
            return
        files = [(key, size) for key, size in fetched_files(message.content) if key not in self.record.files]
        size = message_bytes(message.content, message.inline_keyboard or message.keyboard)
        media = sum(size for _, size in files)
        self.down.send(size + media, lambda: self._show(chat, message, size, files), lost)

    def notify(self, text: str, deliver: Callable[[], None], lost: Callable[[], None]) -> None:
        """Bring a short notice, such as the answer to a tap; it is lost if the phone is away."""
        if not self.record.link.online:
            lost()
            return
        size = NOTICE_BYTES + len(text.encode())

        def arrive() -> None:
            self.traffic.down_bytes += size
            deliver()

        self.down.send(size, arrive, lost)

    def send(self, outgoing: Outgoing, arrive: Callable[[], None]) -> None:
        """Send something that the phone keeps until it has arrived."""

        def keep() -> None:
            self._unsent.append((outgoing, arrive))

        if not self.record.link.online:
            keep()
            return

        def arrived() -> None:
            self.traffic.up_bytes += outgoing.size
            arrive()

        self.up.send(outgoing.size, arrived, keep)

    def signal(self, size: int, arrive: Callable[[], None], lost: Callable[[], None]) -> None:
        """Send something that the phone does not keep, such as a tap."""
        if not self.record.link.online:
            lost()
            return

        def arrived() -> None:
            self.traffic.up_bytes += size
            arrive()

        self.up.send(size, arrived, lost)

    @property
    def traffic(self) -> Traffic:
        """What the link has carried since it was last set to zero."""
        return self.record.traffic

    def reset_traffic(self) -> None:
        """Count from zero."""
        self.record.traffic = Traffic()

    def keep_files(self, content: Json) -> None:
        """The files of what this phone sends are on it: they cost nothing to show."""
        for key, _ in fetched_files(content):
            self.record.files[key] = None

    def _show(self, chat: Chat, message: Message, size: int, files: list[tuple[str, int]]) -> None:
        traffic = self.traffic
        traffic.down_bytes += size
        for key, bytes_ in files:
            if key not in self.record.files:
                self.record.files[key] = None
                traffic.media_bytes += bytes_
        if chat.screen.show(message):
            traffic.messages += 1
        else:
            traffic.edits += 1

    def _forget(self, chat: Chat, message_id: int) -> None:
        self.traffic.down_bytes += NOTICE_BYTES
        chat.screen.hide(message_id)
