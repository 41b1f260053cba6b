"""The floor of an hour's pay where staff set none: by how much income there is in a worker's country.

The groups are those of the World Bank's classification of July 2025; a country that it does not classify is where its
neighbours of like income are. The amounts are this project's choice and no statistic: above what the law asks for in
most countries of a group, and for the last group what research platforms ask for. Whoever pays people should set what
people can live on where they are: `kazi floors set`.
"""

from crowd.batches.spec import MICRO
from crowd.money.rough import per_dollar

_LOW = "AF BF BI CD CF ER ET GM GW KP LR MG ML MW MZ NE RW SD SL SO SS SY TD TG UG YE"

_LOWER_MIDDLE = (
    "AO BD BJ BO BT CG CI CM DJ EG FM GH GN HN HT IN JO KE KG KH KI KM LA LB LK LS MA MM MR NA NG NI NP PG PH PK PS "
    "SB SN ST SZ TJ TL TN TZ UZ VN VU ZM ZW"
)

_UPPER_MIDDLE = (
    "AL AM AR AZ BA BR BW BY BZ CN CO CU CV DM DO DZ EC FJ GA GD GE GQ GT ID IQ IR JM KZ LC LY MD ME MH MK MN MU MV "
    "MX MY PE PY RS SR SV TH TM TO TR TV UA VC VE WS XK ZA"
)

_SOURCE = "Kazi's default for the country's income group (World Bank, July 2025)"

ANYWHERE = "*"
"""Stands for a country that is not known, or of which nothing is known."""

_PER_HOUR = {
    country: amount * MICRO // 100
    for countries, amount in ((_LOW, 100), (_LOWER_MIDDLE, 150), (_UPPER_MIDDLE, 300))
    for country in countries.split()
}

_ELSEWHERE = 8 * MICRO


def default_floor(country: str, currency: str) -> tuple[int, str] | None:
    """Micro-units of a currency an hour, and their source; ANYWHERE has that of the lower middle group.

    The defaults are chosen in dollars; in others they are what that is roughly. None in a currency of which that is
    not known.
    """
    units = per_dollar(currency)
    if units is None:
        return None
    dollars = _PER_HOUR["KE"] if country == ANYWHERE else _PER_HOUR.get(country, _ELSEWHERE)
    return int(dollars * units), _SOURCE if currency == "USD" else f"{_SOURCE}, at about {units} {currency} a dollar"
