"""All settings, read from the environment here and nowhere else, and passed down."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Annotated

from pydantic import Field, HttpUrl, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What an operator can set. Each field is the variable of its name in capitals, with KAZI_ before it."""

    model_config = SettingsConfigDict(env_prefix="KAZI_", extra="ignore", frozen=True)

    database_url: Annotated[
        str | None,
        Field(validation_alias="DATABASE_URL", description="a PostgreSQL of 16 or newer; else the embedded one runs"),
    ] = None
    data: Annotated[Path, Field(description="folder of the embedded database and of files")] = Path(".kazi")
    files: Annotated[
        str | None,
        Field(description="where pictures and sounds are kept: s3://bucket/prefix; else a folder in `data`"),
    ] = None

    lc_all: Annotated[str, Field(validation_alias="LC_ALL", description="the terminal's locale")] = ""
    lc_messages: Annotated[str, Field(validation_alias="LC_MESSAGES", description="the same, after LC_ALL")] = ""
    lang: Annotated[str, Field(validation_alias="LANG", description="the same, after LC_MESSAGES")] = ""

    bot_token: Annotated[SecretStr | None, Field(description="from BotFather")] = None
    telegram_url: Annotated[str, Field(description="where the Bot API is")] = "https://api.telegram.org"
    webhook_url: Annotated[
        HttpUrl | None, Field(description="public https address of the webhook; without it the bot polls")
    ] = None
    webhook_secret: Annotated[
        SecretStr | None, Field(description="what Telegram sends along with each update; else made from the token")
    ] = None
    webhook_port: Annotated[int, Field(ge=0, le=65535)] = 8082

    panel_host: str = "127.0.0.1"
    panel_port: Annotated[int, Field(ge=0, le=65535)] = 8080
    secret: Annotated[
        SecretStr | None, Field(description="signs the panel's sessions; else one is made and kept in `data`")
    ] = None

    payout_keys: Annotated[
        SecretStr | None,
        Field(
            description="encrypt where money goes, parted by commas, the one in use first; else one is made and kept"
        ),
    ] = None
    payer_name: Annotated[str, Field(description="who pays by bank transfer, as the bank knows them")] = ""
    payer_iban: str = ""
    payer_bic: str = ""
    four_eyes: Annotated[
        dict[str, Decimal], Field(description='by currency, from which payout on two people approve it: {"USD": 500}')
    ] = {}

    receipt_key: Annotated[
        SecretStr | None, Field(description="signs receipts; else one is made and kept in `data`")
    ] = None
    receipt_former_keys: Annotated[
        str, Field(description="public keys that receipts were signed by before, parted by commas")
    ] = ""
    receipt_page: Annotated[
        HttpUrl | None, Field(description="public address of the panel's /receipts/check, as receipts name it")
    ] = None
    payout_webhook_url: Annotated[
        HttpUrl | None, Field(description="https address of a provider, to whom payouts are posted one by one")
    ] = None
    payout_webhook_secret: Annotated[
        SecretStr | None,
        Field(description="whsec_… signs what is posted and what comes back; several parted by commas, to change it"),
    ] = None
    payout_webhook_label: Annotated[str, Field(max_length=20, description="what workers know the provider by")] = ""
    payout_webhook_pattern: Annotated[re.Pattern[str], Field(description="what its accounts look like")] = re.compile(
        ".{3,}"
    )
    payout_webhook_example: Annotated[str, Field(description="an account that is nobody's, shown to workers")] = ""
    payout_webhook_least: Annotated[
        dict[str, Decimal],
        Field(description='by currency that the provider pays, the smallest payout: {"KES": 100}'),
    ] = {}
    payout_webhook_countries: Annotated[
        str, Field(description="where the provider pays, as KE,UG; empty: everywhere")
    ] = ""
    payout_webhook_hours: Annotated[
        float, Field(gt=0, description="after so many without a result, staff are shown a payout that was posted")
    ] = 24

    connections: Annotated[int, Field(ge=1, le=1000, description="to the database, of one process")] = 8
    fee_ppm: Annotated[int, Field(ge=0, le=1_000_000, description="fee, millionths of what workers earn")] = 0
    log_json: bool = False
    trusted_proxies: Annotated[
        str, Field(description="addresses of proxies that say truly whom they speak for, parted by commas; * for any")
    ] = "127.0.0.1"
    demo_key: Annotated[SecretStr | None, Field(description="of `kazi demo`: opens the panel without a token")] = None

    @property
    def files_address(self) -> str:
        """Where files are kept, as `db.files.open_files` takes it."""
        return self.files or (self.data / "files").absolute().as_uri()

    @property
    def terminal_locale(self) -> str:
        """What the terminal is set to, without its encoding: as POSIX has it, one that is empty is not set."""
        said = self.lc_all or self.lc_messages or self.lang
        return said.split(".")[0].split("@")[0]

    @field_validator("payout_webhook_url")
    @classmethod
    def _nobody_listens(cls, url: HttpUrl | None) -> HttpUrl | None:
        """Where money goes is said over https, or within one machine."""
        if url is not None and url.scheme != "https" and url.host not in {"127.0.0.1", "[::1]", "localhost"}:
            raise ValueError("it begins with https://, or is of this machine")
        return url

    @field_validator("telegram_url")
    @classmethod
    def _no_slash(cls, url: str) -> str:
        return url.rstrip("/")
