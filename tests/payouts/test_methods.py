"""Files for providers say what is to be paid and nothing else, and what providers answer is read or refused whole."""

import csv
import io
from dataclasses import replace
from datetime import date
from decimal import Decimal
from importlib.resources import files
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import xmlschema
from babel.core import get_global
from babel.numbers import get_currency_precision
from hypothesis import example, given
from hypothesis import strategies as st

from crowd.payouts.method import Asked, FileMethod, NotPayableError, Order, OrderError, Payer, smallest_unit
from crowd.payouts.methods import file_method, methods, serving
from crowd.payouts.results import Outcome, Results, ResultsError, read_results

pytestmark = pytest.mark.unit
ON = date(2030, 1, 7)
HOUSE = Payer("Kazi e.V.", "DE89370400440532013000", "COBADEFFXXX")
DETAILS: dict[str, str] = {
    Asked.PHONE: "+254712345678", Asked.NAME: "Ámina & Söhne <x>", Asked.IBAN: "NL91ABNA0417164300",
    Asked.WORDS: "=cmd|' /C calc'!A0",
}  # fmt: skip
ORDERS = [Order(7, DETAILS, 12_340_000, "EUR"), Order(8, DETAILS, 500_000, "EUR")]


def method(name: str) -> FileMethod:
    found = file_method(name)
    assert found is not None
    return found


def table(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode())))


def test_each_method_is_a_file_and_pays_where_it_says() -> None:
    assert set(methods()) == {"bank", "manual", "mobile_money", "webhook"}
    assert [each.name for each in serving("KE", "KES")] == ["manual", "mobile_money"]
    assert [each.name for each in serving("KE", "NGN")] == ["manual"]
    assert [each.name for each in serving("DE", "EUR")] == ["bank", "manual"]
    assert serving(None, "EUR") == []
    for each in methods().values():
        for currency in ("USD", "EUR", "KES", "XOF"):
            assert each.terms(currency).least > each.terms(currency).fee >= 0


def test_mobile_money_is_a_table_of_numbers_names_and_amounts() -> None:
    rows = table(method("mobile_money").write(ORDERS, Payer(), file="f", on=ON))
    assert rows[0] == {
        "reference": "KAZI-7", "msisdn": "254712345678", "name": "Ámina & Söhne <x>", "amount": "12.34",
        "currency": "EUR",
    }  # fmt: skip
    assert rows[1]["amount"] == "0.50"


def test_no_spreadsheet_runs_what_a_worker_wrote() -> None:
    (first, _) = table(method("manual").write(ORDERS, Payer(), file="f", on=ON))
    assert first["how"] == "'" + DETAILS[Asked.WORDS]


def test_a_transfer_is_as_iso_20022_wants_it() -> None:
    """`export` checks it against the schema; these are the parts that pay."""
    data = method("bank").write(ORDERS, HOUSE, file="kazi-bank-eur-7-8", on=ON)
    names = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"}
    root = ET.fromstring(data)
    head = root.find(".//p:GrpHdr", names)
    assert head is not None
    assert [head.findtext(f"p:{name}", namespaces=names) for name in ("MsgId", "NbOfTxs", "CtrlSum")] == [
        "kazi-bank-eur-7-8", "2", "12.84",
    ]  # fmt: skip
    assert root.findtext(".//p:DbtrAcct/p:Id/p:IBAN", namespaces=names) == HOUSE.iban
    paid = [
        (
            each.findtext("p:PmtId/p:EndToEndId", namespaces=names),
            each.findtext("p:Amt/p:InstdAmt", namespaces=names),
            each.findtext("p:CdtrAcct/p:Id/p:IBAN", namespaces=names),
            each.findtext("p:Cdtr/p:Nm", namespaces=names),
        )
        for each in root.iterfind(".//p:CdtTrfTxInf", names)
    ]
    assert paid == [
        ("KAZI-7", "12.34", "NL91ABNA0417164300", "Amina & Sohne <x>"),
        ("KAZI-8", "0.50", "NL91ABNA0417164300", "Amina & Sohne <x>"),
    ]


def test_what_leaves_is_as_the_schema_of_the_standard_has_it() -> None:
    """The last bytes, which are changed after the library has made them."""
    schema = xmlschema.XMLSchema(str(files("sepaxml") / "schemas" / "pain.001.001.09.xsd"))
    name = "kazi-bank-eur-1234567890-1234567890"
    for orders in (ORDERS, ORDERS[:1], [replace(ORDERS[0], payout_id=at + 1) for at in range(50)]):
        data = method("bank").write(orders, HOUSE, file=name, on=ON)
        schema.validate(data.decode())
        assert f"<MsgId>{name}</MsgId>".encode() in data
    for wrong in (b"<MsgId></MsgId>", b"<MsgId>" + b"x" * 36 + b"</MsgId>"):
        with pytest.raises(xmlschema.XMLSchemaValidationError):
            schema.validate(data.replace(f"<MsgId>{name}</MsgId>".encode(), wrong).decode())
    with pytest.raises(NotPayableError, match=r"pain\.001\.001\.09"):
        method("bank").write(ORDERS, HOUSE, file="x" * 36, on=ON)
    with pytest.raises(NotPayableError, match=r"pain\.001\.001\.09"):
        method("bank").write(ORDERS, replace(HOUSE, iban="none"), file="f", on=ON)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({Asked.NAME: "𝔸𝔹"}, "letters"),
        ({Asked.NAME: "𝔸𝔹 𝒞"}, "letters"),
        ({Asked.IBAN: "BR1800360305000010009795493C1"}, "SEPA"),
        ({Asked.IBAN: "DE89 3704 0044 0532 0130 00"}, "pain"),
        ({Asked.IBAN: ""}, "SEPA"),
    ],
)
def test_one_that_cannot_be_sent_is_named_with_how_to_go_on(wrong: dict[str, str], why: str) -> None:
    orders = [Order(at, DETAILS, 5_000_000, "EUR") for at in range(1, 8)]
    for place in (0, 3, 6):
        among = [*orders[:place], replace(orders[place], details=DETAILS | wrong), *orders[place + 1 :]]
        with pytest.raises(OrderError, match=rf"KAZI-{place + 1} cannot be sent: .*{why}.*refuse {place + 1} "):
            method("bank").write(among, HOUSE, file="f", on=ON)


def test_without_an_account_to_pay_from_no_transfer_is_written() -> None:
    with pytest.raises(NotPayableError, match="KAZI_PAYER_IBAN"):
        method("bank").write(ORDERS, Payer(), file="f", on=ON)


def test_part_of_a_cent_is_never_paid_out() -> None:
    assert Order(1, DETAILS, 10_000, "USD").units == "0.01"
    assert Order(1, DETAILS, 1_234_567_890_000, "USD").units == "1234567.89"
    for name in ("bank", "mobile_money", "manual"):
        with pytest.raises(NotPayableError, match="finer than EUR can be paid"):
            method(name).write([Order(1, DETAILS, 10_001, "EUR")], HOUSE, file="f", on=ON)


OFFERED = sorted(
    code for code in get_global("all_currencies") for each in methods().values() if each.serves("SN", code)
)
"""Every currency that some way pays."""


@pytest.mark.parametrize("currency", sorted(set(OFFERED)))
def test_files_write_each_currency_to_its_smallest_unit_and_no_finer(currency: str) -> None:
    """As Unicode CLDR has it, the data of which Babel brings."""
    decimals, unit = get_currency_precision(currency), smallest_unit(currency)
    assert unit * 10**decimals == 1_000_000
    for many in (1, 7, 1_234_567):
        order = Order(1, DETAILS, many * unit, currency)
        for name in ("manual", "mobile_money"):
            (row,) = table(method(name).write([order], Payer(), file="f", on=ON))
            assert Decimal(row["amount"]) * 1_000_000 == order.amount
            assert len(row["amount"].partition(".")[2]) == decimals
    if unit > 1:
        with pytest.raises(OrderError, match=f"KAZI-1 cannot be sent.*{currency}"):
            method("manual").write([Order(1, DETAILS, unit + 1, currency)], Payer(), file="f", on=ON)


def test_money_without_cents_is_paid_in_whole_units() -> None:
    for currency in ("XOF", "XAF", "UGX", "RWF", "MGA", "MMK"):
        assert Order(1, DETAILS, 1_234_000_000, currency).units == "1234"
        with pytest.raises(OrderError, match="finer than"):
            _ = Order(1, DETAILS, 1_234_500_000, currency).units
    assert Order(1, DETAILS, 1_234_567_000, "KWD").units == "1234.567"


def test_an_answer_names_each_payout_and_what_became_of_it() -> None:
    data = "\ufeffReference;Status;Provider_Reference;Reason\nKAZI-7;Success;MP1;\nkazi-8;FAILED;;No such number\n;;;\n"
    assert read_results(data.encode()) == Results(
        (
            Outcome(7, paid=True, reference="MP1", reason=""),
            Outcome(8, paid=False, reference="", reason="No such number"),
        )
    )


def test_a_transfer_is_paid_once_it_is_settled_and_not_once_it_is_accepted() -> None:
    """As ISO 20022 has it."""
    codes = ["ACCC", "ACSC", "RCVD", "PDNG", "ACTC", "ACCP", "ACFC", "ACSP", "ACWC", "ACWP", "RJCT"]
    lines = [f"KAZI-{number},{code},why" for number, code in enumerate(codes)]
    found = read_results("\n".join(["reference,status,reason", *lines]).encode())
    assert [codes[each.payout_id] for each in found.outcomes if each.paid] == ["ACCC", "ACSC"]
    assert [codes[each.payout_id] for each in found.outcomes if not each.paid] == ["RJCT"]
    assert [codes[number] for number in found.under_way] == codes[2:-1]


def test_of_what_was_under_way_and_has_ended_the_end_holds() -> None:
    for lines in ("KAZI-7,ACSP\nKAZI-7,ACSC", "KAZI-7,ACSC\nKAZI-7,ACSP"):
        found = read_results(f"reference,status\n{lines}\n".encode())
        assert found == Results((Outcome(7, paid=True, reference="", reason=""),))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "line 1"),
        ("a,b\n1,2", "line 1"),
        ("reference,status\nX-7,paid", "line 2: X-7"),
        ("reference,status\nKAZI-7,perhaps", "line 2: the status perhaps"),
        ("reference,status,reason\nKAZI-7,failed,", "line 2: KAZI-7 failed"),
        ("reference,status,reason\nKAZI-7,paid,\nKAZI-7,failed,x", "line 3: KAZI-7 stands there twice"),
        (b"reference,status\n\xff\xfe,paid", "UTF-8"),
    ],
)
def test_an_answer_that_cannot_be_read_says_where(text: str | bytes, says: str) -> None:
    with pytest.raises(ResultsError, match=says):
        read_results(text if isinstance(text, bytes) else text.encode())


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
@example(b"\r")
@example(b"reference,status\r\rKAZI-1,paid\r")
@example(b'reference,status\nKAZI-1,"' + b"x" * 200_000)
def test_whatever_is_handed_back_is_read_or_refused(data: bytes) -> None:
    try:
        found: Any = read_results(data)
    except ResultsError:
        return
    assert all(isinstance(each, Outcome) for each in found.outcomes)
