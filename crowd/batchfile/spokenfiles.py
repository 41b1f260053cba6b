"""The sounds that a batch file names as its spoken instructions: taken in as those of items are."""

from crowd.batches.instructed import language_of
from crowd.batches.spec import BatchSpec, canonical_tag
from crowd.batches.spoken import Spoken
from crowd.batchfile.mediafiles import MediaFiles
from crowd.batchfile.problem import Problems, error, shown, warning
from crowd.batchfile.yamltext import Mapping, Scalar
from crowd.kinds.base import Holds, ItemError
from crowd.media.sound import Sound
from crowd.sentences import say

_FIELD = "spoken_instructions"


def with_spoken(
    spec: BatchSpec | None, tree: Mapping, files: MediaFiles, file: str, problems: Problems
) -> BatchSpec | None:
    """The spec with the sounds that its file names; what is wrong with these is added to the problems.

    Where the file has other errors, and there is no spec, they are looked at all the same.
    """
    named = tree.entries.get(_FIELD)
    if not isinstance(named, Mapping):
        return spec
    taken = {}
    for tag, node in named.entries.items():
        if not isinstance(node, Scalar) or not node.text.strip():
            continue  # its model says so
        try:
            sound = files.take(Holds.SOUND, _FIELD, node.text.strip())
        except ItemError as failure:
            mend = say("Mend the name or the sound, or take this language out.")
            problems.add(error(file, node.place.line, node.place.column, failure.problem, mend))
            continue
        assert isinstance(sound, Sound)
        taken[canonical_tag(tag)] = Spoken(sound, files.size(sound))
    if spec is None:
        return None
    _look_for_written(spec, named, file, problems)
    return spec.model_copy(update={_FIELD: taken})


def _look_for_written(spec: BatchSpec, named: Mapping, file: str, problems: Problems) -> None:
    """Who cannot play a sound, or would not pay for its bytes, reads."""
    written = {language_of(tag) for tag in spec.instructions}
    for tag, place in named.keys.items():
        if language_of(tag) not in written:
            what = say("has spoken instructions in {language}, and none to be read", language=shown(tag))
            mend = say("Add them under {code} too: not everybody can listen.", code="`instructions:`")
            problems.add(warning(file, place.line, place.column, what, mend))
