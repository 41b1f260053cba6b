"""Whether the budget of a batch file fits its tasks."""

from crowd.batch import MICRO, BatchSpec
from crowd.batchfile.problem import Problems, error, warning
from crowd.batchfile.yamltext import Mapping, Scalar
from crowd.quote import quote
from crowd.sentences import say


def look_at_budget(tree: Mapping, spec: BatchSpec, file: str, tasks: int, golds: int, problems: Problems) -> None:
    """Add to the problems that a budget cannot pay for the least answers, or is more than can ever be spent."""
    budget, node = spec.budget_micros, tree.entries.get("budget")
    if budget is None or not tasks or problems.errors:
        return
    place = node.place if isinstance(node, Scalar) else tree.place
    without = quote(spec.model_copy(update={"budget": None}), tasks, golds, fee_ppm=0)
    if budget < without.least_labour:
        what = say(
            "is too small a budget: {least} answers to each of {tasks:,} tasks cost {money} {currency}",
            least=spec.overlap.least,
            tasks=tasks,
            money=_units(without.least_labour),
            currency=spec.currency,
        )
        mend = say("Raise it to that at least, or ask for fewer answers or a smaller price.")
        problems.add(error(file, place.line, place.column, what, mend))
    elif budget > without.labour:
        what = say(
            "is a larger budget than can be spent: {most} answers to each of {tasks:,} tasks and {golds:,} golds "
            "cost {money} {currency}",
            most=spec.overlap.most,
            tasks=tasks,
            golds=golds,
            money=_units(without.labour),
            currency=spec.currency,
        )
        mend = say("Only that is put in. Allow more answers by {code} if all of it shall be used.", code="`overlap:`")
        problems.add(warning(file, place.line, place.column, what, mend))


def _units(micros: int) -> str:
    """As a batch file would have it: plain digits and a point, two decimals or as many as there are."""
    whole, part = divmod(micros, MICRO)
    return f"{whole}.{f'{part:06}'.rstrip('0'):0<2}"
