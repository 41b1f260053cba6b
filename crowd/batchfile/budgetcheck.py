"""Whether the budget of a batch file fits its tasks."""

from crowd.batches.spec import BatchSpec
from crowd.batchfile.problem import Problems, error, warning
from crowd.batchfile.yamltext import Mapping, Scalar
from crowd.labels.results import money
from crowd.money.quote import quote
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
            "the budget is too small: to give each of {tasks:,} tasks its least answers ({least}) takes "
            "{money} {currency}",
            tasks=tasks,
            least=spec.overlap.least,
            money=money(without.least_labour),
            currency=spec.currency,
        )
        mend = say("Raise it to that at least, or ask for fewer answers under {code}.", code="`overlap:`")
        problems.add(error(file, place.line, place.column, what, mend))
    elif budget > without.labour:
        what = say(
            "the budget is more than can be spent: all tasks and golds with their most answers ({most}) cost "
            "{money} {currency}",
            most=spec.overlap.most,
            money=money(without.labour),
            currency=spec.currency,
        )
        mend = say(
            "Only that is put in: allow more answers under {code} if you want to spend all of it.", code="`overlap:`"
        )
        problems.add(warning(file, place.line, place.column, what, mend))
