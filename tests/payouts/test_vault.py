"""What is encrypted tells nothing, opens for its owner alone, and outlives a change of keys."""

import pytest

from crowd.payouts.vault import Vault, VaultError, new_key

pytestmark = pytest.mark.unit
OLD, NEW = new_key(), new_key()
DETAILS = {"phone": "+254712345678", "name": "أمينة Juma"}


def test_what_is_sealed_is_unreadable_and_opens_for_its_owner_alone() -> None:
    vault = Vault([OLD])
    sealed = vault.seal("worker 1", DETAILS)
    assert b"712345678" not in sealed
    assert vault.seal("worker 1", DETAILS) != sealed, "the same looks different each time"
    assert vault.open("worker 1", sealed) == DETAILS
    with pytest.raises(VaultError, match="somebody else"):
        vault.open("worker 2", sealed)
    with pytest.raises(VaultError):
        Vault([NEW]).open("worker 1", sealed)
    with pytest.raises(VaultError):
        vault.open("worker 1", sealed[:40] + (b"B" if sealed[40:41] == b"A" else b"A") + sealed[41:])


def test_keys_are_changed_by_putting_a_new_one_first() -> None:
    sealed, file = Vault([OLD]).seal("worker 1", DETAILS), Vault([OLD]).seal_file(b"\x00data")
    both = Vault([NEW, OLD])
    assert both.open("worker 1", sealed) == DETAILS
    anew = both.anew(sealed)
    assert Vault([NEW]).open("worker 1", anew) == DETAILS
    assert Vault([NEW]).open_file(both.anew(file)) == b"\x00data"
    with pytest.raises(VaultError):
        Vault([OLD]).open("worker 1", anew)
    with pytest.raises(VaultError):
        Vault([NEW]).anew(sealed)


def test_a_print_is_the_same_for_the_same_account_and_depends_on_the_key() -> None:
    vault = Vault([NEW, OLD])
    assert vault.print("bank:DE1") == vault.print("bank:DE1") != vault.print("bank:DE2")
    assert len(vault.print("bank:DE1")) == 16
    assert Vault([OLD]).print("bank:DE1") != vault.print("bank:DE1")


@pytest.mark.parametrize("keys", [[], ["short"], [OLD, ""]])
def test_what_is_no_key_is_refused(keys: list[str]) -> None:
    with pytest.raises(VaultError, match="Base64"):
        Vault(keys)
