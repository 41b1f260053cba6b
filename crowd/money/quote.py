"""What a batch costs, before it starts."""

from dataclasses import dataclass

from crowd.batches.spec import BatchSpec

PPM = 1_000_000


@dataclass(frozen=True, slots=True)
class Quote:
    """The costs of a batch. Money is in micro-units of `currency`.

    With t ordinary tasks, answers per task between l and m, price p of an answer and a fee of f parts per million:

        answers to ordinary tasks   between t * l and t * m
        answers to golds            at most g = n * m for n golds, which get no more answers than other tasks
        labour                      (t * m + g) * p
        fee                         ceil(labour * f / 1,000,000)
        to fund                     labour + fee + judging

    A batch rarely needs all of it; what is left when it is closed goes back to the requester. With a budget, labour is
    the whole answers that it pays for, where those are fewer.
    """

    currency: str
    price: int
    tasks: int
    """Ordinary ones, without golds."""
    golds: int
    least_answers: int
    """To ordinary tasks, if each is settled as early as can be."""
    most_answers: int
    """To ordinary tasks, if none is settled early."""
    gold_answers: int
    """At most."""
    labour: int
    fee: int
    budget: int | None = None
    """What the requester stated that workers may earn in all."""
    judging: int = 0
    """What others are paid who judge the answers, and the fee on that, at most: m of each task, each by their most,
    and twice where a rejected one goes back to be mended."""

    @property
    def least_labour(self) -> int:
        """What workers earn if each task is settled as early as can be and no gold is given."""
        return self.least_answers * self.price

    @property
    def to_fund(self) -> int:
        """What has to be put in before the batch starts: the most it can cost."""
        return self.labour + self.fee + self.judging

    @property
    def paid_answers(self) -> int:
        """How many answers the labour pays for."""
        return self.labour // self.price

    @property
    def kept_answers(self) -> int:
        """Of these: how many are kept for tasks below their least answers. Without a budget there is no need to."""
        return 0 if self.budget is None else min(self.least_answers, self.paid_answers)


def quote(spec: BatchSpec, tasks: int, golds: int, *, fee_ppm: int) -> Quote:
    """The quote of a batch with so many ordinary tasks and golds.

    `fee_ppm` is the house's fee in millionths of what workers earn. Raises ValueError when it is negative.
    """
    if fee_ppm < 0:
        raise ValueError("a fee is not negative")
    least, most, gold_answers = tasks * spec.overlap.least, tasks * spec.overlap.most, golds * spec.overlap.most
    if spec.budget_micros is not None:
        paid = min(most + gold_answers, spec.budget_micros // spec.price_micros)
        most, gold_answers = min(most, paid), min(gold_answers, max(0, paid - least))
    else:
        paid = most + gold_answers
    labour = paid * spec.price_micros
    return Quote(
        currency=spec.currency,
        price=spec.price_micros,
        tasks=tasks,
        golds=golds,
        least_answers=least,
        most_answers=most,
        gold_answers=gold_answers,
        labour=labour,
        fee=-(-labour * fee_ppm // PPM),
        budget=spec.budget_micros,
    )
