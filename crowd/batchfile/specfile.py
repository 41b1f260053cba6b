"""The batch file: from its YAML to the spec of its kind."""

from collections.abc import Iterable
from collections.abc import Mapping as AnyMapping
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from crowd.batch import POSTING, BatchSpec
from crowd.batchfile.layout import ID, is_explanation, known_columns
from crowd.batchfile.problem import Problem, Problems, Severity, error, listed, near, shortened, shown
from crowd.batchfile.saying import missing_words, remarks
from crowd.batchfile.yamltext import Mapping, Node, Place, Scalar, Sequence, plain
from crowd.kinds import kind_named, kinds

AnyPath = tuple[str | int, ...]

_LOOK = "docs/batch.schema.json has all that may stand here."


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
        problems.add(Problem(file, each.place.line, each.place.column, each.severity, each.message, each.mend))
    return spec if problems.errors == errors else None


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
                what, mend = _said(detail, model)
                place = _found(tree, detail)
                problems.add(error(file, place.line, place.column, what, mend or _LOOK))
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
            hint = f"Did you mean {shown(meant)}? " if meant else ""
            what = f"“columns” has {shown(name)}, which is no column of this kind"
            mend = f"{hint}Known: {listed(known)}. Write Kazi's name first: `text: your_name`."
            problems.add(error(file, place.line, place.column, what, mend))
        other = used.setdefault(spec.columns.get(name, ""), name)
        if other != name:
            what = f"{shown(spec.columns[name])} is used for {other} already"
            mend = f"Write `{name}:` with the name of another column, or take it out."
            problems.add(error(file, place.line, place.column, what, mend))
    return problems.errors == errors


def _no_such_kind(tree: Mapping, kind: Node | None, file: str) -> Problem:
    names = sorted(kinds())
    if not isinstance(kind, Scalar):
        place = kind.place if kind else tree.place
        what = "“kind” is missing" if kind is None else "“kind” must be one word"
        return error(file, place.line, place.column, what, f"Write `kind:` and one of {listed(names)}.")
    meant = near(kind.text, names)
    mend = f"Did you mean {shown(meant)}?" if meant else f"There are {listed(names)}."
    return error(file, kind.place.line, kind.place.column, f"there is no kind {shown(kind.text)}", mend)


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


def _said(detail: ErrorDetails, model: type[BaseModel]) -> tuple[str, str]:
    """What is wrong, and how to mend it."""
    path = [step for step in detail["loc"] if step != "[key]"]
    name = shown(".".join(str(step) for step in path)) if path else "the batch"
    fields, last = _fields(model, path[:-1]), str(path[-1]) if path else ""
    description = fields[last].description if last in fields else None
    mend = f"Wanted: {description}." if description else ""
    if detail["type"] == "missing":
        return f"{name} is missing", f"Add `{last}:`{f', {description}' if description else ''}."
    if detail["type"] == "extra_forbidden":
        meant = near(last, fields)
        mend = f"Did you mean {shown(meant)}?" if meant else f"Known here: {listed(sorted(fields))}."
        return f"{name} is not known", mend
    said = _plainly(detail, last)
    if detail["type"] == "string_pattern_mismatch":
        said = f"is {shown(str(detail['input']))}, which is not what is asked for here"
        mend = mend or "A locale is a BCP 47 code, such as sw, pt-BR or am."
    elif isinstance(detail["input"], str) and detail["type"] not in _SAYS_IT_ALL:
        said += f"; it is {shown(detail['input'])}"
    return f"{name}: {said}", mend


_SAYS_IT_ALL = ("value_error", "too_long", "too_short", "string_too_long", "string_too_short")

_PLAIN = {
    "model_type": "must be names with values", "model_attributes_type": "must be names with values",
    "dict_type": "must be names with values", "list_type": "must be a list", "tuple_type": "must be a list",
    "string_type": "must be a text", "bool_parsing": "write yes or no", "bool_type": "write yes or no",
    "int_parsing": "must be a whole number", "int_type": "must be a number", "float_parsing": "must be a number",
    "float_type": "must be a number", "decimal_type": "must be a number", "finite_number": "must be a finite number",
}  # fmt: skip


def _plainly(detail: ErrorDetails, last: str) -> str:
    """What is wrong, in words that requesters know."""
    context, said = detail.get("ctx", {}), detail["input"]
    if detail["type"] in {"too_long", "too_short", "string_too_long", "string_too_short"}:
        noun = "characters" if isinstance(said, str) else last if isinstance(said, list) else "entries"
        length = context.get("actual_length", len(said))
        has = f"has {length} {noun.removesuffix('s') if length == 1 else noun}"
        return f"{has}; {context['max_length']} at most" if "max_length" in context else (
            f"{has}; at least {context['min_length']} needed")  # fmt: skip
    if detail["type"] == "decimal_max_places":
        return f"has more than {context['decimal_places']} decimal places"
    return str(context.get("error") or _PLAIN.get(detail["type"]) or _lower(detail["msg"]))


def _lower(message: str) -> str:
    message = message.removeprefix("Input ").removeprefix("Value error, ")
    message = message.replace("tuple", "list").replace("valid dictionary", "mapping: names with values")
    return shortened(message[:1].lower() + message[1:], 300)


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
