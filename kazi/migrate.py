"""`kazi migrate`."""

from kazi.connection import addresses, read_settings, telling


def migrate() -> None:
    """Bring the database to the newest schema. Does nothing when it is there; safe from several machines at once."""
    from rich.console import Console

    settings = read_settings()

    async def work() -> None:
        from db.migrate import upgrade_in_loop

        async with addresses(settings) as found:
            await upgrade_in_loop(found.owner)

    telling(work)
    which = "the database of DATABASE_URL" if settings.database_url else f"the embedded database in {settings.data}"
    Console(soft_wrap=True).print(f"✓ {which} has the newest schema", highlight=False, markup=False)
