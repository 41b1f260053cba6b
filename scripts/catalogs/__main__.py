"""Keeps the catalogs: `extract` the templates and update every locale, `compile` them, `check` that all is well."""

import sys
from concurrent.futures import ProcessPoolExecutor

from babel.messages.mofile import write_mo

from scripts.catalogs.checks import problems_in, problems_of_template
from scripts.catalogs.files import extract, read
from scripts.catalogs.houses import HOUSES


def main(command: str) -> int:
    """Run one of the commands; 1 when `check` finds something wrong."""
    if command == "extract":
        for house in HOUSES:
            extract(house)
    elif command == "compile":
        for locale, path in (pair for house in HOUSES if house.in_chat for pair in house.catalogs()):
            with path.with_suffix(".mo").open("wb") as file:
                write_mo(file, read(path, locale))
    elif command == "check":
        parts = [(at, locale) for at, house in enumerate(HOUSES) for locale in (None, *dict(house.catalogs()))]
        with ProcessPoolExecutor() as pool:
            problems = [problem for found in pool.map(_check, parts, chunksize=4) for problem in found]
        sys.stdout.writelines(f"{problem}\n" for problem in problems)
        return 1 if problems else 0
    else:
        sys.stderr.write("usage: python -m scripts.catalogs extract | compile | check\n")
        return 2
    return 0


def _check(part: tuple[int, str | None]) -> list[str]:
    """What is wrong with the template of a house, or with one of its catalogs."""
    place, locale = part
    return problems_of_template(HOUSES[place]) if locale is None else problems_in(HOUSES[place], locale)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
