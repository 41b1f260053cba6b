"""Keeps the catalogs: `extract` the templates and update every locale, `compile` them, `check` that all is well."""

import sys

from babel.messages.mofile import write_mo

from scripts.catalogs.checks import problems_of
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
        problems = [problem for house in HOUSES for problem in problems_of(house)]
        sys.stdout.writelines(f"{problem}\n" for problem in problems)
        return 1 if problems else 0
    else:
        sys.stderr.write("usage: python -m scripts.catalogs extract | compile | check\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
