"""Addresses of doorbells: each form is understood, and a refusal does not repeat the address."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpline.live.addresses import Address, check, read


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("redis://host", Address(places=(("host", 6379),))),
        (
            "redis://:geheim@host:7000/0",
            Address(places=(("host", 7000),), password="geheim"),
        ),
        (
            "redis://bel:een%20twee%2F@[::1]:7000",
            Address(places=(("::1", 7000),), username="bel", password="een twee/"),
        ),
        (
            "rediss://host?ssl_ca_certs=/ca.pem&ssl_check_hostname=no",
            Address(
                places=(("host", 6379),),
                tls={"ssl_ca_certs": "/ca.pem", "ssl_check_hostname": False},
            ),
        ),
        ("unix:///run/bel.sock", Address(path="/run/bel.sock")),
        (
            "unix://:geheim@/run/bel.sock?db=0",
            Address(path="/run/bel.sock", password="geheim"),
        ),
        (
            "redis+sentinel://:geheim@een:1,twee,[::1]:3/mymaster/0?sentinel_password=ook",
            Address(
                places=(("een", 1), ("twee", 26379), ("::1", 3)),
                master="mymaster",
                password="geheim",
                sentinel_password="ook",
            ),
        ),
        (
            "rediss+sentinel://een/mymaster",
            Address(places=(("een", 26379),), master="mymaster", tls={}),
        ),
    ],
)
def test_every_form_of_address_is_understood(text, address):
    assert read(text) == address


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("geheim", "begint met"),
        ("http://:geheim@host", "begint met"),
        ("unix+sentinel://:geheim@/mymaster", "begint met"),
        ("unix://", "pad van de socket"),
        ("redis://:geheim@host:zes", "poort"),
        ("redis://:geheim@host:99999", "poort"),
        ("redis://:12/geheim@host", "getal van een database"),
        ("redis://:12#geheim@host", "%23"),
        ("redis://:12?geheim@host", "naam van een host"),
        ("redis://:geheim@[::1", "niet te lezen"),
        ("redis://:geheim@een,redis://twee", "spatie"),
        ("redis://host?db=geheim", "vraagteken"),
        ("rediss://host?ssl_geheim=1", "ssl-optie"),
        ("rediss://host?ssl_cert_reqs=geheim", "ssl-optie"),
        ("redis+sentinel://:geheim@een,twee", "naam van de master"),
        ("redis+sentinel://:geheim@een,/mymaster", "naam van een host"),
    ],
)
def test_a_wrong_address_is_refused_in_a_sentence_that_does_not_repeat_it(text, why):
    with pytest.raises(ValueError, match=why) as refused:
        read(text)
    assert "geheim" not in str(refused.value)
    assert refused.value.__context__ is None or refused.value.__suppress_context__


def test_a_password_is_not_shown_with_the_address():
    shown = repr(read("rediss+sentinel://:ene@s/m?sentinel_password=andere&ssl_password=derde"))
    assert not any(word in shown for word in ("ene", "andere", "derde"))


def test_several_servers_stand_behind_each_other_with_spaces():
    check("redis://een redis://twee\nredis+sentinel://drie,vier/mymaster")
    with pytest.raises(ValueError, match="begint met"):
        check("redis://een twee")
    with pytest.raises(ValueError, match="geen adres"):
        check(" ")


@given(
    st.sampled_from(["redis://", "rediss://", "unix://", "redis+sentinel://", ""]),
    st.text(st.one_of(st.sampled_from("gG:@/,[]?#%=& 0"), st.characters())),
)
def test_whatever_somebody_typed_is_an_address_or_a_refusal_that_does_not_repeat_it(form, text):
    try:
        assert isinstance(read(f"{form}{text}qzx{text}"), Address)
    except ValueError as refused:
        assert "qzx" not in str(refused)
