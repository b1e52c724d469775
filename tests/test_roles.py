"""Roles: what the migration gives to traders, operators and administrators, and what nobody can give themselves."""

from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission, User

from packages_admin.roles import ROLES, grant, make_roles

from .packages import make_package, make_user, signed_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("role", "may", "may_not"),
    [
        (
            "trader",
            ["feed.view_fixture", "feed.view_feedsource"],
            ["packages_admin.use_operations", "packages_admin.view_package", "feed.view_rejectedmessage"],
        ),
        (
            "operator",
            [
                "packages_admin.use_operations",
                "packages_admin.activate_package",
                "packages_admin.deactivate_package",
                "packages_admin.refresh_package",
                "packages_admin.snapshot_package",
                "packages_admin.change_package",
                "packages_admin.view_packagecall",
                "feed.retry_rejectedmessage",
            ],
            ["auth.change_user", "packages_admin.delete_package", "packages_admin.change_packagecall"],
        ),
        (
            "administrator",
            ["packages_admin.use_operations", "auth.change_user", "auth.change_group"],
            ["packages_admin.activate_package", "packages_admin.change_package", "feed.retry_rejectedmessage"],
        ),
    ],
)
def test_a_role_may_do_what_it_is_for(role: str, may: list[str], may_not: list[str]):
    user = make_user(role)
    assert {permission: user.has_perm(permission) for permission in may + may_not} == {
        **dict.fromkeys(may, True),
        **dict.fromkeys(may_not, False),
    }


def test_making_the_roles_again_adds_nothing_twice():
    made = numbers_of_permissions()
    make_roles(apps)
    make_roles(apps)
    assert numbers_of_permissions() == made
    assert made.keys() == ROLES.keys()
    assert all(made[role] >= len(permissions) for role, permissions in ROLES.items())


def numbers_of_permissions() -> dict[str, int]:
    return {group.name: group.permissions.count() for group in Group.objects.all()}


def test_a_permission_that_does_not_exist_cannot_be_granted():
    with pytest.raises(LookupError, match=r"there is no permission feed\.fly"):
        grant(apps, "trader", ["feed.fly"])


def person(**changed: Any) -> dict[str, Any]:
    return {
        "username": "ivan",
        "is_active": "on",
        "date_joined_0": "2026-01-01",
        "date_joined_1": "00:00:00",
        **changed,
    }


def test_an_administrator_makes_people_and_gives_roles():
    make_user("administrator")
    browser = signed_in("administrator")
    answer = browser.post(
        "/admin/auth/user/add/",
        {"username": "ivan", "usable_password": "true", "password1": "a long horse 77", "password2": "a long horse 77"},
    )
    made = User.objects.get(username="ivan")
    assert answer.url == f"/admin/auth/user/{made.pk}/change/"
    browser.post(answer.url, person(groups=[Group.objects.get(name="operator").pk]))
    assert [group.name for group in made.groups.all()] == ["operator"]


def test_an_administrator_makes_nobody_a_superuser():
    made = make_user("administrator")
    answer = signed_in("administrator").post(
        f"/admin/auth/user/{made.pk}/change/", person(is_superuser="on", is_staff="on", user_permissions=[1])
    )
    assert answer.status_code == 302
    made.refresh_from_db()
    assert (made.username, made.is_superuser, made.is_staff) == ("ivan", False, False)
    assert made.user_permissions.count() == 0


@pytest.mark.parametrize("path", ["change/", "password/", "delete/"])
def test_an_administrator_does_not_touch_a_superuser(path: str):
    make_user("administrator")
    root = User.objects.create_superuser("root", password="first password 1")
    fields = person(username="taken", password1="second password 2", password2="second password 2", post="yes")
    answer = signed_in("administrator").post(f"/admin/auth/user/{root.pk}/{path}", fields)
    assert answer.status_code == 403
    root.refresh_from_db()
    assert (root.username, root.check_password("first password 1")) == ("root", True)


GROUPS = "/admin/auth/group/"


def pk_of(permission: str) -> int:
    return Permission.objects.get(codename=permission).pk


def test_an_administrator_makes_no_group_of_more_than_they_have():
    make_user("administrator")
    browser = signed_in("administrator")
    browser.post(f"{GROUPS}add/", {"name": "all", "permissions": [pk_of("change_package")]})
    assert not Group.objects.filter(name="all").exists()
    browser.post(f"{GROUPS}add/", {"name": "lookers", "permissions": [pk_of("view_package")]})
    assert Group.objects.get(name="lookers").permissions.count() == 1


@pytest.mark.parametrize("path", ["change/", "delete/"])
def test_a_group_that_has_more_than_the_administrator_is_out_of_reach(path: str):
    make_user("administrator")
    group = Group.objects.get(name="operator")
    answer = signed_in("administrator").post(f"{GROUPS}{group.pk}/{path}", {"name": "mine", "post": "yes"})
    assert answer.status_code == 403
    assert Group.objects.filter(name="operator").exists()


def test_administrators_do_not_make_themselves_operators():
    made = make_user("administrator")
    groups = [made.groups.get().pk, Group.objects.get(name="operator").pk]
    answer = signed_in("administrator").post(f"/admin/auth/user/{made.pk}/change/", person(groups=groups))
    assert "You may not give or take: operator. It holds more than you have." in answer.content.decode()
    assert made.groups.count() == 1


def test_an_administrator_puts_nobody_into_a_group_that_holds_more():
    make_user("administrator")
    other = make_user("trader")
    group = Group.objects.create(name="everything")
    group.permissions.set(Permission.objects.all())
    signed_in("administrator").post(f"/admin/auth/user/{other.pk}/change/", person(groups=[group.pk]))
    assert [group.name for group in other.groups.all()] == ["trader"]


@pytest.mark.parametrize("path", ["change/", "password/", "delete/"])
def test_an_account_that_has_more_than_could_be_given_is_out_of_reach(path: str):
    make_user("administrator")
    other = make_user("trader")
    other.user_permissions.add(pk_of("add_session"))
    fields = person(password1="second password 2", password2="second password 2", post="yes")
    assert signed_in("administrator").post(f"/admin/auth/user/{other.pk}/{path}", fields).status_code == 403


@pytest.mark.parametrize("path", ["change/", "password/", "delete/"])
def test_nor_does_it_come_within_reach_while_it_is_switched_off(path: str):
    make_user("administrator")
    other = make_user("trader", is_active=False)
    group = Group.objects.create(name="everything")
    group.permissions.set(Permission.objects.all())
    other.groups.add(group)
    fields = person(password1="second password 2", password2="second password 2", post="yes")
    assert signed_in("administrator").post(f"/admin/auth/user/{other.pk}/{path}", fields).status_code == 403


@pytest.mark.parametrize("kind", ["user", "group"])
def test_deleting_many_at_once_does_not_get_round_that_rule(kind: str):
    make_user("administrator")
    make_user("operator")
    rows = {"user": User, "group": Group}[kind].objects
    before = rows.count()
    sent = {"action": "delete_selected", "_selected_action": list(rows.values_list("pk", flat=True)), "post": "yes"}
    signed_in("administrator").post(f"/admin/auth/{kind}/", sent)
    assert rows.count() == before


def test_a_superuser_may_do_everything():
    User.objects.create_superuser("root", password="open sesame 77")
    browser = signed_in("root")
    assert browser.get(f"/admin/packages_admin/package/{make_package().pk}/change/").status_code == 200
    assert browser.get("/admin/auth/user/").status_code == 200


def test_the_index_lists_only_what_a_role_may_see():
    make_user("operator")
    page = signed_in("operator").get("/admin/").content.decode()
    assert "Packages" in page
    assert "/admin/auth/user/" not in page
