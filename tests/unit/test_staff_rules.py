"""Who may do what, how long a session lives, and the secrets a person types."""

import base64
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline.staff import codes, rules
from helpline.staff.rules import Role

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@dataclass
class Somebody:
    roles: list[str] = field(default_factory=list)
    is_active: bool = True


MAY = {
    rules.may_counsel: {Role.COUNSELLOR},
    rules.may_coordinate: {Role.COORDINATOR},
    rules.may_work_the_desk: {Role.COUNSELLOR, Role.COORDINATOR},
    rules.may_receive: {Role.PARTNER},
    rules.may_analyse: {Role.ANALYST},
    rules.may_audit: {Role.AUDITOR},
    rules.may_administer: {Role.ADMIN},
}


@pytest.mark.parametrize("may", MAY, ids=lambda may: may.__name__)
@pytest.mark.parametrize("role", Role)
def test_a_role_may_what_its_row_says_and_nothing_else(may, role):
    assert may(Somebody([role.value])) == (role in MAY[may])


@pytest.mark.parametrize("may", MAY, ids=lambda may: may.__name__)
def test_somebody_who_left_may_nothing(may):
    assert not may(Somebody([role.value for role in Role], is_active=False))


def test_unknown_roles_are_dropped_and_known_ones_stand_once_in_order():
    assert rules.known_roles(["admin", "root", "counsellor", "admin"]) == ["counsellor", "admin"]


def test_a_second_factor_is_replaced_by_two_others():
    assert rules.may_confirm_reset(member_id=1, asked_by=2, confirmed_by=3)
    assert not rules.may_confirm_reset(member_id=1, asked_by=2, confirmed_by=2)
    assert not rules.may_confirm_reset(member_id=1, asked_by=2, confirmed_by=1)
    assert not rules.may_confirm_reset(member_id=1, asked_by=1, confirmed_by=3)


def test_the_last_admin_stays():
    assert rules.leaves_an_admin(active_admins=[1, 2], leaving=1)
    assert not rules.leaves_an_admin(active_admins=[1], leaving=1)


def test_a_code_is_fresh_for_five_minutes_and_not_from_the_future():
    window = timedelta(minutes=5)
    assert rules.is_fresh(proven_at=1000, now=1300, window=window)
    assert not rules.is_fresh(proven_at=1000, now=1301, window=window)
    assert not rules.is_fresh(proven_at=1301, now=1300, window=window)
    assert not rules.is_fresh(proven_at=None, now=1300, window=window)


def test_a_sign_of_life_is_written_once_a_minute_for_a_limit_of_half_an_hour():
    idle = timedelta(minutes=30)
    assert not rules.needs_touch(seen_at=NOON, now=NOON + timedelta(seconds=59), idle=idle)
    assert rules.needs_touch(seen_at=NOON, now=NOON + timedelta(seconds=60), idle=idle)


@pytest.mark.parametrize("alias", ["Sam", "Anne-Marie", "O'Neill", "Zoë", "Мария", "J. de Wit"])
def test_an_alias_is_a_name(alias):
    assert rules.alias_is_plain(alias)


@pytest.mark.parametrize("alias", ["", "<b>", "Sam 06", "a\u202eb", "=cmd", "sam@x", "a\nb"])
def test_an_alias_is_nothing_else(alias):
    assert not rules.alias_is_plain(alias)


def test_a_digest_belongs_to_its_purpose():
    assert codes.digest("secret", purpose="a") != codes.digest("secret", purpose="b")
    assert "secret" not in codes.digest("secret", purpose="a")


def test_a_recovery_sheet_has_ten_codes_out_of_reach_of_guessing():
    sheet = codes.new_sheet()
    assert len(set(sheet)) == 10
    assert len(codes.ALPHABET) ** (codes.GROUP * codes.GROUPS) > 2**78


@given(st.data())
def test_a_recovery_code_may_be_typed_as_people_type(data):
    code = codes.new_sheet()[0]
    typed = data.draw(st.sampled_from([str.upper, str.lower, str.title]))(code)
    for separator in ("", " ", "  ", " - ", "–"):
        assert codes.clean_recovery_code(typed.replace("-", separator)) == code


@given(st.text())
def test_no_typing_breaks_the_cleaning(text):
    assert codes.clean_code(text) == "" or len(codes.clean_code(text)) == 6
    codes.clean_recovery_code(text)
    assert codes.clean_login(text) == codes.clean_login(codes.clean_login(text))


@pytest.mark.parametrize("typed", ["123456", " 123 456 ", "12-34-56", "１２３４５６"])
def test_a_code_may_have_spaces(typed):
    assert codes.clean_code(typed) == "123456"


@pytest.mark.parametrize("typed", ["12345", "1234567", "12345a", "", "-1-2-3-4-5-6-7"])
def test_what_is_not_six_digits_is_no_code(typed):
    assert codes.clean_code(typed) == ""


def test_the_qr_code_says_what_authenticator_apps_read():
    secret = codes.new_secret()
    address = codes.enrolment_address(
        secret_hex=secret, login="cem@fier.example", issuer="Help lijn"
    )
    parts = urlsplit(address)
    said = {name: values[0] for name, values in parse_qs(parts.query).items()}
    assert (parts.scheme, parts.netloc) == ("otpauth", "totp")
    assert unquote(parts.path) == "/Help lijn:cem@fier.example"
    assert base64.b32decode(said["secret"]).hex() == secret
    assert said["issuer"] == "Help lijn" and said["digits"] == "6" and said["period"] == "30"


def test_a_secret_is_shown_in_groups_and_is_160_bits():
    shown = codes.in_groups(codes.in_base32(codes.new_secret()))
    assert [len(group) for group in shown.split()] == [4] * 8
