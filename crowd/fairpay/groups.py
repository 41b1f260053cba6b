"""The floor of an hour's pay where staff set none: by how much income there is in a worker's country.

The groups are those of the World Bank's classification of July 2025; a country that it does not classify is where its
neighbours of like income are. The amounts are this project's choice and no statistic: above what the law asks for in
most countries of a group, and for the last group what research platforms ask for. Whoever pays people should set what
people can live on where they are: `kazi floors set`.
"""

from crowd.batches.spec import MICRO

_LOW = "AF BF BI CD CF ER ET GM GW KP LR MG ML MW MZ NE RW SD SL SO SS SY TD TG UG YE"

_LOWER_MIDDLE = (
    "AO BD BJ BO BT CG CI CM DJ EG FM GH GN HN HT IN JO KE KG KH KI KM LA LB LK LS MA MM MR NA NG NI NP PG PH PK PS "
    "SB SN ST SZ TJ TL TN TZ UZ VN VU ZM ZW"
)

_UPPER_MIDDLE = (
    "AL AM AR AZ BA BR BW BY BZ CN CO CU CV DM DO DZ EC FJ GA GD GE GQ GT ID IQ IR JM KZ LC LY MD ME MH MK MN MU MV "
    "MX MY PE PY RS SR SV TH TM TO TR TV UA VC VE WS XK ZA"
)

CURRENCY = "USD"
"""The defaults are in it."""

SOURCE = "Kazi's default for the country's income group (World Bank, July 2025)"

ANYWHERE = "*"
"""Stands for a country that is not known, or of which nothing is known."""

_PER_HOUR = {
    country: amount * MICRO // 100
    for countries, amount in ((_LOW, 100), (_LOWER_MIDDLE, 150), (_UPPER_MIDDLE, 300))
    for country in countries.split()
}

_ELSEWHERE = 8 * MICRO


def default_floor(country: str) -> int:
    """Micro-units of USD an hour; ANYWHERE has that of the lower middle group."""
    return _PER_HOUR["KE"] if country == ANYWHERE else _PER_HOUR.get(country, _ELSEWHERE)
