from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from crowd.batches.spec import BatchSpec
from crowd.kinds.base import Json
from tests.kinds.sample import SOME_MEDIA, TEXTS, Cells
from tests.kinds.samples.text import SAMPLE as WRITTEN
from tests.media.sounds import beep


class TranscribeSample:
    name = "transcribe"

    def fields(self) -> dict[str, Any]:
        return {"most_characters": 500}

    def any_fields(self) -> st.SearchStrategy[dict[str, Any]]:
        return st.just({}) | st.just({"combine": "words"})

    def item(self, number: int) -> Cells:
        return {"sound": f"clips/{number}.wav", "text": f"clip {number}"}

    def right(self, number: int) -> Json:
        return WRITTEN.right(number)

    def put_files(self, folder: Path, numbers: range) -> None:
        """No two are the same."""
        (folder / "clips").mkdir()
        for number in numbers:
            (folder / "clips" / f"{number}.wav").write_bytes(beep(hertz=300 + number, ms=400))

    def any_item(self, fields: dict[str, Any]) -> st.SearchStrategy[Cells]:
        return st.text("ab<&é😀", max_size=200).map(lambda text: {"sound": SOME_MEDIA["sound"], "text": text})

    def said(self, spec: BatchSpec, payload: Json, value: Json) -> Json:
        return value

    def written(self) -> st.SearchStrategy[str]:
        return TEXTS


SAMPLE = TranscribeSample()
