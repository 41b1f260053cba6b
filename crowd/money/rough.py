"""Roughly what a dollar is in other currencies: for the choice of round limits, never to change money.

Set by hand to two or three figures, by the rates of the middle of 2025. What is shown to people as worth so much
elsewhere goes by rates that staff keep (`crowd.money.rates`).
"""

from collections.abc import Mapping
from decimal import Decimal

_PER_DOLLAR: Mapping[str, str] = {
    "AED": "3.7", "AFN": "70", "ALL": "85", "AMD": "385", "AOA": "920", "ARS": "1300", "AUD": "1.5", "AZN": "1.7",
    "BAM": "1.7", "BDT": "120", "BGN": "1.7", "BIF": "2950", "BOB": "7", "BRL": "5.5", "BWP": "13.5", "BYN": "3",
    "CAD": "1.4", "CDF": "2800", "CHF": "0.8", "CLP": "950", "CNY": "7.2", "COP": "4000", "CRC": "505", "CVE": "95",
    "CZK": "21", "DJF": "178", "DKK": "6.4", "DOP": "60", "DZD": "130", "EGP": "50", "ERN": "15", "ETB": "130",
    "EUR": "0.9", "GBP": "0.75", "GEL": "2.7", "GHS": "12", "GMD": "70", "GNF": "8650", "GTQ": "7.7", "HKD": "7.8",
    "HNL": "26", "HTG": "130", "HUF": "345", "IDR": "16300", "ILS": "3.4", "INR": "86", "IQD": "1310", "JMD": "160",
    "JOD": "0.71", "JPY": "147", "KES": "130", "KGS": "87", "KHR": "4000", "KMF": "425", "KRW": "1380", "KWD": "0.31",
    "KZT": "530", "LAK": "21600", "LBP": "89500", "LKR": "300", "LRD": "200", "LSL": "18", "MAD": "9", "MDL": "17",
    "MGA": "4500", "MKD": "53", "MMK": "2100", "MNT": "3550", "MRU": "40", "MUR": "46", "MWK": "1730", "MXN": "19",
    "MYR": "4.2", "MZN": "64", "NAD": "18", "NGN": "1500", "NIO": "37", "NOK": "10", "NPR": "140", "NZD": "1.7",
    "PEN": "3.6", "PGK": "4.1", "PHP": "58", "PKR": "280", "PLN": "3.7", "PYG": "7500", "RON": "4.4", "RSD": "101",
    "RUB": "80", "RWF": "1450", "SAR": "3.75", "SDG": "600", "SEK": "9.6", "SGD": "1.3", "SLE": "23", "SOS": "571",
    "SSP": "4500", "SZL": "18", "THB": "33", "TJS": "9.6", "TMT": "3.5", "TND": "2.9", "TRY": "40", "TWD": "30",
    "TZS": "2500", "UAH": "42", "UGX": "3600", "USD": "1", "UYU": "40", "UZS": "12700", "VND": "26000", "XAF": "570",
    "XOF": "570", "YER": "240", "ZAR": "18", "ZMW": "24",
}  # fmt: skip


def per_dollar(currency: str) -> Decimal | None:
    """Roughly how many units of a currency a dollar is; None where that is not known."""
    units = _PER_DOLLAR.get(currency)
    return None if units is None else Decimal(units)
