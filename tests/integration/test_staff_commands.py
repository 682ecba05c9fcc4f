"""What a shell on the server can do: the first admin, and codes of example accounts."""

import io

import pytest
from django.conf import settings
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.test import Client

from helpline.staff import demo, refusals
from helpline.staff.models import Member, TotpDevice

HOST = settings.TEAM_ORIGIN.partition("://")[2]


def runs(*args, **options):
    out = io.StringIO()
    call_command(*args, stdout=out, stderr=io.StringIO(), **options)
    return out.getvalue().strip()


def test_one_command_makes_the_first_admin_also_in_production(settings):
    settings.PRODUCTION = True
    link = runs("create_admin", email="Noor@fier.example")
    browser = Client(headers={"host": HOST})
    assert link.startswith(settings.TEAM_ORIGIN)
    browser.get(link.removeprefix(settings.TEAM_ORIGIN))
    new = "vier blauwe fietsen"
    browser.post("/welcome/", {"alias": "Noor", "password": new, "again": new})
    assert Member.objects.get(email="noor@fier.example").roles == ["admin"]


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"email": "nonsense"}, "geen e-mailadres"),
        ({"email": "ada@demo.example"}, "--restore"),
        ({"email": "cem@demo.example"}, "al lid"),
        ({"email": "cem@demo.example", "restore": True}, "geen beheerder"),
        ({"email": "nobody@fier.example", "restore": True}, "geen beheerder"),
    ],
)
def test_what_the_command_does_not_do_it_says(options, reason):
    demo.make_demo_members()
    with pytest.raises(CommandError, match=reason):
        runs("create_admin", **options)


def test_the_last_admin_who_lost_everything_gets_a_new_link():
    ada = demo.make_member("ada", ["admin"])
    link = runs("create_admin", email="ada@demo.example", restore=True)
    assert "/invitation/" in link
    ada.refresh_from_db()
    assert not ada.has_usable_password() and not TotpDevice.objects.filter(user=ada).exists()


def test_the_cast_signs_in_with_the_printed_code():
    assert {member.email.partition("@")[0] for member in demo.make_demo_members()} == set(demo.CAST)
    assert len(demo.make_demo_members()) == Member.objects.count() == 6, "safe to repeat"
    browser = Client(headers={"host": HOST})
    browser.post("/sign-in/", {"email": "cem@demo.example", "password": demo.PASSWORD})
    assert browser.post("/code/", {"code": runs("demo_code", "cem")}).status_code == 302
    browser.post("/sign-out/")
    browser.post("/sign-in/", {"email": "cem@demo.example", "password": demo.PASSWORD})
    again = browser.post("/code/", {"code": runs("demo_code", "cem")})
    assert again.status_code == 302, "a used code is followed by the next"


def test_codes_are_printed_for_example_accounts_only():
    cem = demo.make_member("cem", ["counsellor"])
    Member.objects.filter(pk=cem.pk).update(email="cem@fier.example")
    with pytest.raises(CommandError):
        runs("demo_code", "cem@fier.example")
    with pytest.raises(CommandError):
        runs("demo_code", "nobody")


def test_production_makes_and_shows_no_example_account(settings):
    demo.make_member("cem", ["counsellor"])
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="productie"):
        runs("demo_code", "cem")
    for forbidden in (demo.make_demo_members, lambda: demo.make_member("x", ["admin"])):
        with pytest.raises(refusals.NotInProduction):
            forbidden()


def test_the_deploy_check_finds_an_example_account(settings):
    demo.make_member("cem", ["counsellor"])
    ids = lambda: [found.id for found in run_checks(include_deployment_checks=True)]  # noqa: E731
    assert "staff.E001" not in ids()
    settings.PRODUCTION = True
    assert "staff.E001" in ids()
    Member.objects.all().update(email="cem@fier.example")
    assert "staff.E001" not in ids()
