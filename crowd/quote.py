"""What a batch costs, before it starts."""

from dataclasses import dataclass

from crowd.batch import BatchSpec

PPM = 1_000_000


@dataclass(frozen=True, slots=True)
class Quote:
    """The costs of a batch. Money is in micro-units of `currency`.

    With t ordinary tasks, answers per task between l and m, price p of an answer and a fee of f parts per million:

        answers to ordinary tasks   between t * l and t * m
        answers to golds            at most g = n * m for n golds, which get no more answers than other tasks
        labour                      (t * m + g) * p
        fee                         ceil(labour * f / 1,000,000)
        to fund                     labour + fee

    A batch rarely needs all of it; what is left when it is closed goes back to the requester.
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

    @property
    def least_labour(self) -> int:
        """What workers earn if each task is settled as early as can be and no gold is given."""
        return self.least_answers * self.price

    @property
    def to_fund(self) -> int:
        """What has to be put in before the batch starts: the most it can cost."""
        return self.labour + self.fee

    @property
    def paid_answers(self) -> int:
        """How many answers the labour pays for."""
        return self.most_answers + self.gold_answers


def quote(spec: BatchSpec, tasks: int, golds: int, *, fee_ppm: int) -> Quote:
    """The quote of a batch with so many ordinary tasks and golds.

    `fee_ppm` is the house's fee in millionths of what workers earn. Raises ValueError when it is negative.
    """
    if fee_ppm < 0:
        raise ValueError("a fee is not negative")
    most = tasks * spec.overlap.most
    gold_answers = golds * spec.overlap.most
    labour = (most + gold_answers) * spec.price_micros
    return Quote(
        currency=spec.currency,
        price=spec.price_micros,
        tasks=tasks,
        golds=golds,
        least_answers=tasks * spec.overlap.least,
        most_answers=most,
        gold_answers=gold_answers,
        labour=labour,
        fee=-(-labour * fee_ppm // PPM),
    )
