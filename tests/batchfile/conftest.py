"""Whatever a test here finds wrong with a file is in the catalogs of all locales, and can be put into words."""

from collections.abc import Iterator

import pytest

from crowd.batchfile.problem import Problem, Problems
from crowd.sentences import Sentence, parts
from tests.batchfile.catalogs import SPEAKERS, TEMPLATE

_put: set[tuple[str, ...]] = set()


def _unknown(sentence: Sentence) -> list[str]:
    """Texts that are in no catalog. Each combination of texts is put into words once in every locale."""
    each = list(parts(sentence))
    texts = tuple(one.text for one in each)
    if texts not in _put:
        _put.add(texts)
        for speaker in SPEAKERS.values():
            assert speaker.put(sentence)
    return [text for text in texts if text not in TEMPLATE]


@pytest.fixture(autouse=True)
def _no_text_outside_the_catalogs(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    add, unknown = Problems.add, set()

    def looked_at(self: Problems, problem: Problem) -> None:
        unknown.update([*_unknown(problem.what), *_unknown(problem.how), *_unknown(problem.severity.word)])
        add(self, problem)

    monkeypatch.setattr(Problems, "add", looked_at)
    yield
    assert not unknown
