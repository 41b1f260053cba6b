"""Spans of a text as answers have them: which words they hold, how far two answers agree, and what they show of it.

A span is {start, end, label, text, first, last}: its place in the item's text, in code points, `end` not within it; the
value of its label; what stands there; and the numbers of its first and last word, from 1, as a phone shows them.
"""

from collections.abc import Container, Iterator, Mapping, Sequence

from crowd.kinds.base import Json
from crowd.kinds.words import Word, words_of


def span_of(text: str, words: Sequence[Word], first: int, last: int, label: str) -> Json:
    """The span from one word of a text through another, by their numbers from 1."""
    start, end = words[first - 1].start, words[last - 1].end
    return {"start": start, "end": end, "label": label, "text": text[start:end], "first": first, "last": last}


def labelled(value: Json) -> set[tuple[int, str]]:
    """The words that an answer marks, each with its label."""
    return {(word, span["label"]) for span in value for word in range(span["first"], span["last"] + 1)}


def f1(one: Json, other: Json) -> float:
    """How far two answers agree about words, 0..1: F1, the harmonic mean of precision and recall (van Rijsbergen 1979).

    A word counts where both give it the same label: 2 · both / (one + other). 1 where neither marks anything. Where
    one span ends and the next one of that label begins does not count.
    """
    here, there = labelled(one), labelled(other)
    if not here and not there:
        return 1.0
    return 2 * len(here & there) / (len(here) + len(there))


def overlap(one: Json, other: Json) -> int:
    """How many words two spans have in common."""
    shared: int = min(one["last"], other["last"]) - max(one["first"], other["first"]) + 1
    return max(0, shared)


def joined(pieces: Json, value: Json) -> Json:
    """What of an item's text is known from answers, with one more of them.

    A piece is [number of its first word, start, text]. Those that overlap are put together; those that only touch are
    not, since nobody said what stands between them.
    """
    told = [[span["first"], span["start"], span["text"]] for span in value]
    found: list[list[Json]] = []
    for first, start, text in sorted([*(pieces or []), *told], key=lambda each: (each[1], -len(each[2]))):
        end = found[-1][1] + len(found[-1][2]) if found else 0
        if found and start < end:
            found[-1][2] += text[end - start :]
        else:
            found.append([first, start, text])
    return found


def spans_in(pieces: Json, language: str, labels: Mapping[int, str], apart: Container[int]) -> Iterator[Json]:
    """The spans of known pieces of a text, by the labels of words and their numbers.

    Words beside each other that have one label are one span, unless the later one is `apart`.
    """
    for begins, start, text in pieces or []:
        words = words_of(text, language)
        runs: list[list[int]] = []
        for number in range(1, len(words) + 1):
            word = begins + number - 1
            label = labels.get(word)
            if label is None:
                continue
            if runs and runs[-1][1] == number - 1 and label == labels[word - 1] and word not in apart:
                runs[-1][1] = number
            else:
                runs.append([number, number])
        for first, last in runs:
            span = span_of(text, words, first, last, labels[begins + first - 1])
            yield {
                **span,
                "start": start + span["start"],
                "end": start + span["end"],
                "first": begins + first - 1,
                "last": begins + last - 1,
            }
