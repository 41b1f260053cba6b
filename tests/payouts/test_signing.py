"""Messages are signed as "Standard Webhooks" says: by its own example, and nothing else passes."""

import base64
from datetime import UTC, datetime, timedelta

import pytest

from crowd.payouts.signing import ID, SIGNATURE, TIME, TOLERANCE_S, NotSignedError, SecretError, Signer

pytestmark = pytest.mark.unit
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
AT = datetime.fromtimestamp(1614265330, UTC)
BODY = b'{"test": 2432232314}'
HEADERS = {
    ID: "msg_p5jXN8AQM9LWM0D4loKWxJek", TIME: "1614265330",
    SIGNATURE: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
}  # fmt: skip
OTHER = "whsec_" + base64.b64encode(b"another secret of 26 bytes").decode()


def test_the_specifications_own_example_is_made_and_verified() -> None:
    assert Signer([SECRET]).headers(HEADERS[ID], AT, BODY) == HEADERS
    assert Signer([SECRET]).verify(HEADERS, AT, BODY) == HEADERS[ID]


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({}, BODY + b" "),
        ({ID: "msg_other"}, BODY),
        ({ID: ""}, BODY),
        ({TIME: "1614265331"}, BODY),
        ({TIME: "-1614265330"}, BODY),
        ({TIME: "١٦١٤٢٦٥٣٣٠"}, BODY),
        ({TIME: "1" * 5000}, BODY),
        ({TIME: "soon"}, BODY),
        ({SIGNATURE: ""}, BODY),
        ({SIGNATURE: "v1,"}, BODY),
        ({SIGNATURE: "v1,é"}, BODY),
        ({SIGNATURE: HEADERS[SIGNATURE].removeprefix("v1,")}, BODY),
        ({SIGNATURE: HEADERS[SIGNATURE].replace("v1", "v1a")}, BODY),
        ({SIGNATURE: HEADERS[SIGNATURE][:-2]}, BODY),
    ],
    ids=range(14),
)
def test_whatever_is_changed_of_a_message_it_is_refused(headers: dict[str, str], body: bytes) -> None:
    with pytest.raises(NotSignedError):
        Signer([SECRET]).verify(HEADERS | headers, AT, body)


@pytest.mark.parametrize("late", [-1, 1])
def test_a_message_is_of_now(late: int) -> None:
    signer = Signer([SECRET])
    assert signer.verify(HEADERS, AT + timedelta(seconds=late * TOLERANCE_S), BODY)
    with pytest.raises(NotSignedError, match="five minutes"):
        signer.verify(HEADERS, AT + timedelta(seconds=late * (TOLERANCE_S + 1)), BODY)


def test_a_secret_is_changed_one_side_at_a_time() -> None:
    both, old, new = Signer([OTHER, SECRET]), Signer([SECRET]), Signer([OTHER])
    for here, there in ((both, old), (both, new), (old, both), (new, both)):
        assert there.verify(here.headers("m", AT, BODY), AT, BODY) == "m"
    with pytest.raises(NotSignedError):
        new.verify(old.headers("m", AT, BODY), AT, BODY)


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_?", "whsec_c2hvcnQ=", "whsec_" + "A" * 88])
def test_a_weak_secret_is_none(secret: str) -> None:
    with pytest.raises(SecretError):
        Signer([secret])
    with pytest.raises(SecretError):
        Signer([])
