"""The batch file: from its YAML to the spec of its kind."""

from collections.abc import Iterable
from collections.abc import Mapping as AnyMapping
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from crowd.batches.spec import POSTING, BatchSpec
from crowd.batchfile.layout import ID, is_explanation, known_columns
from crowd.batchfile.plainly import plainly
from crowd.batchfile.problem import Problem, Problems, Severity, error, listed, near, shown
from crowd.batchfile.saying import missing_words, remarks
from crowd.batchfile.yamltext import Mapping, Node, Place, Scalar, Sequence, plain
from crowd.kinds import kind_named, kinds
from crowd.sentences import Sentence, say, together

AnyPath = tuple[str | int, ...]

_LOOK = say("{path} has all that may stand here.", path="docs/batch.schema.json")


def read_spec(tree: Mapping, file: str, problems: Problems) -> BatchSpec | None:
    """The spec that a batch file says, or None with what is wrong added to the problems."""
    kind = tree.entries.get("kind")
    known = kinds()
    if not isinstance(kind, Scalar) or kind.text not in known:
        problems.add(_no_such_kind(tree, kind, file))
        return None
    errors = problems.errors
    said = list(remarks(tree))
    wrong = [remark.path for remark in said if remark.severity is Severity.ERROR]
    spec = _validated(tree, known[kind.text].spec, file, problems, wrong)
    if spec is not None:
        said += missing_words(spec, tree)
    for each in said:
        problems.add(Problem(file, each.place.line, each.place.column, each.severity, each.what, each.mend))
    return spec if problems.errors == errors else None


_STANDS_IN = {"name": "-", "currency": "USD", "price": "1", "instructions": {"en": "-"}}
_OF_ITEMS = ("kind", "language", "items", "columns")


def spec_for_items(tree: Mapping) -> BatchSpec | None:
    """What a batch file with errors says of its items, so that what is wrong with these is told at the same time.

    None where that itself is wrong. Of all else it says nothing that is true.
    """
    kind = tree.entries.get("kind")
    if not isinstance(kind, Scalar) or kind.text not in kinds():
        return None
    model = kinds()[kind.text].spec
    own = {*_OF_ITEMS, *(model.model_fields.keys() - BatchSpec.model_fields.keys())}
    if any(remark.severity is Severity.ERROR and remark.path[0] in own for remark in remarks(tree)):
        return None
    said = {name: plain(node) for name, node in tree.entries.items() if name in own}
    try:
        spec: BatchSpec = model.model_validate(said | _STANDS_IN)
    except ValidationError:
        return None
    return spec


def _validated(
    tree: Mapping, model: type[BatchSpec], file: str, problems: Problems, told: list[AnyPath]
) -> BatchSpec | None:
    """The spec, or None. Nothing is said of places that were `told` of."""
    try:
        return model.model_validate(plain(tree), context=POSTING)
    except ValidationError as failure:
        details = failure.errors(include_url=False)
        for detail in details:
            if not _follows(detail, details, model) and tuple(detail["loc"]) not in told:
                place = _found(tree, detail)
                problems.add(error(file, place.line, place.column, *_said(detail, model)))
        return None


def _follows(detail: ErrorDetails, details: list[ErrorDetails], model: type[BaseModel]) -> bool:
    """Whether an error is but the consequence of another, and goes when that is mended."""
    loc = detail["loc"]
    if detail["type"] == "missing":
        fields = _fields(model, loc[:-1])
        unknown = (other["loc"] for other in details if other["type"] == "extra_forbidden")
        return any(name[:-1] == loc[:-1] and near(str(name[-1]), fields) == loc[-1] for name in unknown)
    return any(len(other["loc"]) > len(loc) and other["loc"][: len(loc)] == loc for other in details)


def columns_known(tree: Mapping, spec: BatchSpec, file: str, problems: Problems) -> bool:
    """Whether all names under `columns:` are Kazi's; those that are not are added to the problems."""
    errors = problems.errors
    known = known_columns(spec, kind_named(spec.kind))
    columns = tree.entries.get("columns")
    needed = {ID, *(column.name for column in kind_named(spec.kind).columns(spec) if column.required)}
    used = {name: name for name in needed - spec.columns.keys()}
    for name, place in columns.keys.items() if isinstance(columns, Mapping) else ():
        if name not in known and not is_explanation(name):
            meant = near(name, known)
            what = say(
                "{name} has {column}, which is no column of this kind", name=shown("columns"), column=shown(name)
            )
            mend = together(
                *((say("Did you mean {meant}?", meant=shown(meant)),) if meant else ()),
                say("Known: {columns}.", columns=listed(known)),
                say("Write Kazi's name first: {code}.", code="`text: your_name`"),
            )
            problems.add(error(file, place.line, place.column, what, mend))
        other = used.setdefault(spec.columns.get(name, ""), name)
        if other != name:
            what = say("{column} is used for {other} already", column=shown(spec.columns[name]), other=other)
            mend = say("Write {code} with the name of another column, or take it out.", code=f"`{name}:`")
            problems.add(error(file, place.line, place.column, what, mend))
    return problems.errors == errors


def _no_such_kind(tree: Mapping, kind: Node | None, file: str) -> Problem:
    names = sorted(kinds())
    if not isinstance(kind, Scalar):
        place = kind.place if kind else tree.place
        what = say("{name} is missing", name=shown("kind"))
        if kind is not None:
            what = say("{name} must be one word", name=shown("kind"))
        mend = say("Write {code} and one of {kinds}.", code="`kind:`", kinds=listed(names))
        return error(file, place.line, place.column, what, mend)
    meant = near(kind.text, names)
    mend = say("There are {kinds}.", kinds=listed(names))
    if meant:
        mend = say("Did you mean {meant}?", meant=shown(meant))
    what = say("there is no kind {kind}", kind=shown(kind.text))
    return error(file, kind.place.line, kind.place.column, what, mend)


def _found(tree: Node, detail: ErrorDetails) -> Place:
    """The place nearest to what an error is about; for a wrong name, the name's."""
    node, place = tree, tree.place
    names_itself = detail["type"] == "extra_forbidden" or detail["loc"][-1:] == ("[key]",)
    for step in detail["loc"]:
        if isinstance(node, Mapping) and step in node.entries:
            place = node.keys[str(step)]
            node = node.entries[str(step)]
        elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.entries):
            node = node.entries[step]
            place = node.place
        else:
            break
    return place if names_itself or isinstance(node, Mapping) else node.place


def _said(detail: ErrorDetails, model: type[BaseModel]) -> tuple[Sentence, Sentence]:
    """What is wrong, and how to mend it."""
    path = [step for step in detail["loc"] if step != "[key]"]
    name = shown(".".join(str(step) for step in path)) if path else say("the batch")
    fields, last = _fields(model, path[:-1]), str(path[-1]) if path else ""
    description = fields[last].description if last in fields else None
    about = Sentence(description) if description else None
    if detail["type"] == "missing":
        what, code = say("{name} is missing", name=name), f"`{last}:`"
        return what, say("Add {code}, {about}.", code=code, about=about) if about else say("Add {code}.", code=code)
    if detail["type"] == "extra_forbidden":
        meant = near(last, fields)
        mend = say("Known here: {names}.", names=listed(sorted(fields)))
        if meant:
            mend = say("Did you mean {meant}?", meant=shown(meant))
        return say("{name} is not known", name=name), mend
    mend = say("Wanted: {about}.", about=about) if about else _LOOK
    if detail["type"] == "string_pattern_mismatch" and not about:
        mend = say("A locale is a BCP 47 code, such as sw, pt-BR or am.")
    return say("{name}: {problem}", name=name, problem=plainly(detail)), mend


def _fields(model: type[BaseModel], path: Iterable[int | str]) -> AnyMapping[str, Any]:
    """The fields of the model that stands at a path; none where there is no model (a mapping of locales, say)."""
    inside: type[BaseModel] | None = model
    for step in path:
        if isinstance(step, int):
            continue
        known = inside.model_fields.get(step) if inside else None
        inside = _model_of(known.annotation) if known else None
    return inside.model_fields if inside else {}


def _model_of(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = (_model_of(part) for part in get_args(annotation))
    return next((model for model in found if model), None)
