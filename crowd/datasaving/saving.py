"""Whether a worker's pictures and sounds wait behind a button; by itself where data is dear."""

from db.database import Tx

# By hand, of mid-2025: where a gigabyte of mobile data costs over 2 % of what a person earns in a month (the aim of the
# UN's Broadband Commission), or the cheapest one is sold by the day. Whoever it does not fit changes it with /data.
DEAR = frozenset((
    "AF", "AO", "BF", "BI", "BJ", "BO", "BZ", "CD", "CF", "CG", "CI", "CM", "CU", "CV", "DJ", "ER", "ET", "FM",
    "GA", "GM", "GN", "GQ", "GT", "GW", "GY", "HN", "HT", "KE", "KI", "KM", "LA", "LR", "LS", "MG", "MH", "ML",
    "MM", "MR", "MW", "MZ", "NA", "NE", "NG", "NI", "NP", "NR", "PG", "RW", "SB", "SD", "SL", "SN", "SO", "SS",
    "ST", "SV", "SY", "SZ", "TD", "TG", "TJ", "TL", "TM", "TO", "TV", "TZ", "UG", "VE", "VU", "WS", "YE", "ZM",
    "ZW",
))  # fmt: skip
"""Countries where data is dear, ISO 3166-1 alpha-2."""


async def by_country(tx: Tx, worker_id: int, country: str | None) -> None:
    """Save data, or not, by where a worker is, unless they have chosen themselves."""
    await tx.run(
        "UPDATE worker SET saves_data = $2 WHERE id = $1 AND NOT chose_saving AND saves_data <> $2",
        worker_id, country in DEAR,
    )  # fmt: skip


async def choose(tx: Tx, worker_id: int, *, saves: bool) -> None:
    """A worker's own choice, which stays whatever their country."""
    await tx.run("UPDATE worker SET saves_data = $2, chose_saving = true WHERE id = $1", worker_id, saves)


async def saves_data(tx: Tx, worker_id: int) -> bool:
    """Whether it is on."""
    found: bool = await tx.value("SELECT saves_data FROM worker WHERE id = $1", worker_id)
    return found
