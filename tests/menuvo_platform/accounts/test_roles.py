import pytest

from menuvo_platform.accounts.models import ROLES
from menuvo_platform.accounts.roles import EVERYTHING, RIGHTS, Right
from menuvo_platform.accounts.schemas import Membership, Person
from menuvo_platform.ids import new_id

MERCHANT, STORE, OTHER_STORE = new_id(), new_id(), new_id()


def person(*memberships: Membership) -> Person:
    return Person(
        user_id=new_id(),
        login_id=new_id(),
        email="paula@example.org",
        name="Paula",
        language="de",
        memberships=memberships,
    )


def test_every_role_has_its_rights() -> None:
    assert set(RIGHTS) == set(ROLES)


@pytest.mark.parametrize("role", ["kitchen", "waiter"])
def test_the_kitchen_works_the_board_and_nothing_else(role: str) -> None:
    assert RIGHTS[role] == {Right.BOARD, Right.SELL_OUT}


def test_a_role_in_a_merchant_counts_in_all_of_its_stores() -> None:
    owner = person(Membership(MERCHANT, None, "owner"))
    assert owner.rights_in(MERCHANT, STORE) == owner.rights_in(MERCHANT, OTHER_STORE) == EVERYTHING
    assert owner.rights_in(new_id(), STORE) == frozenset()


def test_a_role_in_a_store_counts_there_only() -> None:
    cook = person(Membership(MERCHANT, STORE, "kitchen"))
    assert cook.rights_in(MERCHANT, STORE) == RIGHTS["kitchen"]
    assert cook.rights_in(MERCHANT, OTHER_STORE) == frozenset()


def test_several_roles_add_up() -> None:
    both = person(Membership(MERCHANT, None, "waiter"), Membership(MERCHANT, STORE, "manager"))
    assert both.rights_in(MERCHANT, STORE) == EVERYTHING
    assert both.rights_in(MERCHANT, OTHER_STORE) == RIGHTS["waiter"]
