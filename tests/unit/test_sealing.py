"""The vault's boxes: known answers, and what no box may ever do."""

import copy
import hmac
import pickle
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from hypothesis import given
from hypothesis import strategies as st

from helpline.errors import Unreadable
from helpline.vault import masters, sealing
from helpline.vault.masters import MasterKeys, Wrapped, new_master
from helpline.vault.refusals import MasterMissing, Tampered
from helpline.vault.sealing import SealingKey

KEY_ID = UUID("00112233-4455-6677-8899-aabbccddeeff")
SECRET = bytes(range(32))
PLACE = "conversation:7b5c/message:7"
NONCE = bytes.fromhex("cafebabefacedbaddecaf888")
OVERHEAD = 1 + 12 + 16
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=4000)

FROZEN_BOX = (
    "01cafebabefacedbaddecaf888674e03fb18018d13470322af2d738fe172f6ac"
    "de995d6b22c3c4a46a27f1785dc73999917a737af5ce969d6adf74e264"
)
FROZEN_HANDLE = "a18cb6e9ffa39fd75302422417893357f26c2b5ea689cb8fa218c1eaf85c664a"
FROZEN_WRAPPED = (
    "01cafebabefacedbaddecaf8882b9ff723df59c431b63c5f1b5ea62543e1b13a"
    "a1352c40f6ea2ce7a047365163f4a08761db5dfe973cfe53ae00af537e"
)

key = SealingKey(KEY_ID, SECRET)


@pytest.fixture
def fixed_nonce(monkeypatch):
    monkeypatch.setattr(sealing, "token_bytes", lambda count: NONCE[:count])


# --- known answers: the primitives -------------------------------------------------

# Test cases 13 to 16 of the GCM specification submitted to NIST: AES with 256 bits.
LONG_KEY = "feffe9928665731c6d6a8f9467308308" * 2
LONG_CLEAR = (
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
    "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255"
)
LONG_SEALED = (
    "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
    "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad"
)
GCM = [
    ("00" * 32, "00" * 12, "", "", "530f8afbc74536b9a963b4f1c4cb738b"),
    (
        *("00" * 32, "00" * 12, "00" * 16, ""),
        "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919",
    ),
    (
        *(LONG_KEY, "cafebabefacedbaddecaf888", LONG_CLEAR, ""),
        LONG_SEALED + "b094dac5d93471bdec1a502270e3cc6c",
    ),
    (
        *(LONG_KEY, "cafebabefacedbaddecaf888", LONG_CLEAR[:120]),
        "feedfacedeadbeeffeedfacedeadbeefabaddad2",
        LONG_SEALED[:120] + "76fc6ece0f4e1768cddf8853bb2d551b",
    ),
]


@pytest.mark.parametrize(("secret", "nonce", "clear", "context", "sealed"), GCM)
def test_aes_gcm_gives_the_answers_of_nist(secret, nonce, clear, context, sealed):
    cipher = AESGCM(bytes.fromhex(secret))
    made = cipher.encrypt(bytes.fromhex(nonce), bytes.fromhex(clear), bytes.fromhex(context))
    assert made.hex() == sealed


def test_hkdf_gives_the_answer_of_rfc_5869():
    prk = bytes.fromhex("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5")
    expand = HKDFExpand(algorithm=SHA256(), length=42, info=bytes(range(0xF0, 0xFA)))
    assert expand.derive(prk).hex() == (
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
    )


# --- known answers: our own format --------------------------------------------------


def test_a_box_is_made_as_the_format_says(fixed_nonce):
    """Version, nonce, AES-256-GCM of the padded text; rebuilt here from the parts."""
    derived = hmac.digest(SECRET, b"helpline/seal\x01", "sha256")
    context = b"helpline/box\x01" + KEY_ID.bytes + PLACE.encode()
    clear = b"\x00\x00\x00\x05hallo" + bytes(247)
    expected = b"\x01" + NONCE + AESGCM(derived).encrypt(NONCE, clear, context)
    assert key.seal("hallo", place=PLACE) == expected


def test_boxes_of_today_open_for_ever(fixed_nonce):
    """Frozen when the format was made. If this fails, old talks cannot be read."""
    box = bytes.fromhex(FROZEN_BOX)
    assert key.open(box, place=PLACE) == "Ik ben bang 💔"
    assert key.seal("Ik ben bang 💔", place=PLACE, step=32) == box
    assert key.handle("audit") == FROZEN_HANDLE


def test_wrapped_keys_of_today_open_for_ever(fixed_nonce):
    ring = MasterKeys({"m1": bytes(32)})
    wrapped = Wrapped("m1", bytes.fromhex(FROZEN_WRAPPED))
    assert ring.unwrap(wrapped, key_id=KEY_ID) == SECRET
    assert ring.wrap(SECRET, key_id=KEY_ID) == wrapped


# --- what every box keeps ------------------------------------------------------------


@given(WORDS, st.text(max_size=60), st.sampled_from([1, 16, 256, 1024]))
def test_what_is_sealed_opens_again(text, place, step):
    place = place.encode(errors="ignore").decode()
    assert key.open(key.seal(text, place=place, step=step), place=place) == text


@pytest.mark.parametrize(
    "text", ["", "\x00", "a\x00b\x00", "💔" * 4000, "é" * 126, "\r\n\u202e\u200b", "a" * 252]
)
def test_awkward_texts_open_again(text):
    assert key.open(memoryview(key.seal(text, place=PLACE)), place=PLACE) == text


@given(WORDS)
def test_the_length_of_a_box_tells_only_its_bucket(text):
    inside = len(key.seal(text, place=PLACE)) - OVERHEAD
    assert inside % 256 == 0
    assert inside - 256 < len(text.encode()) + 4 <= inside


def test_texts_of_one_bucket_look_alike():
    lengths = {len(key.seal("a" * size, place=PLACE)) for size in range(253)}
    assert lengths == {256 + OVERHEAD}


def test_the_same_words_never_make_the_same_box():
    assert len({key.seal("ja", place=PLACE) for _ in range(100)}) == 100


def test_every_flipped_bit_is_refused():
    box = key.seal("hij heeft mijn paspoort", place=PLACE)
    for position in range(len(box) * 8):
        flipped = bytearray(box)
        flipped[position // 8] ^= 1 << position % 8
        with pytest.raises(Tampered):
            key.open(bytes(flipped), place=PLACE)


@given(st.integers(0, OVERHEAD + 255))
def test_every_shortened_box_is_refused(length):
    with pytest.raises(Tampered):
        key.open(key.seal("kort", place=PLACE)[:length], place=PLACE)


@given(st.binary(max_size=400))
def test_what_we_did_not_make_is_refused(noise):
    with pytest.raises(Tampered):
        key.open(noise, place=PLACE)
    with pytest.raises(Tampered):
        key.open(b"\x01" + noise, place=PLACE)


@pytest.mark.parametrize("place", ["", PLACE + "0", PLACE[:-1], "conversation:7b5c/note:7"])
def test_a_box_opens_at_no_other_place(place):
    with pytest.raises(Tampered):
        key.open(key.seal("x", place=PLACE), place=place)


def test_a_box_opens_with_no_other_key_or_key_id():
    box = key.seal("x", place=PLACE)
    for other in (SealingKey(UUID(int=1), SECRET), SealingKey(KEY_ID, bytes(32))):
        with pytest.raises(Tampered):
            other.open(box, place=PLACE)


def test_padding_that_holds_something_is_refused():
    for clear in (b"\x00\x00\x00\x01ab", b"\x00\x00\x00\x09a", b"", b"\x00\x00\x00\x01\xff"):
        with pytest.raises(Tampered):
            sealing.unpad(clear)


def test_half_a_character_is_refused_without_quoting_it():
    with pytest.raises(Unreadable) as refused:
        key.seal("geheim \ud83d", place=PLACE)
    assert refused.value.__suppress_context__


# --- what a key never does -----------------------------------------------------------


def test_a_key_never_shows_or_leaves_itself():
    shown = f"{key!r} {key} {key:}"
    assert SECRET.hex() not in shown and repr(SECRET) not in shown
    assert str(KEY_ID) in shown
    for leave in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError):
            leave(key)


def test_handles_name_a_key_and_a_purpose():
    assert key.handle("audit") == SealingKey(KEY_ID, SECRET).handle("audit")
    assert (
        len(
            {
                key.handle("audit"),
                key.handle("other"),
                SealingKey(KEY_ID, bytes(32)).handle("audit"),
            }
        )
        == 3
    )
    assert len(key.handle("audit")) == 64


# --- master keys ---------------------------------------------------------------------


def test_the_newest_master_wraps_and_the_old_ones_still_unwrap():
    old, new = new_master("old"), new_master("new")
    wrapped = MasterKeys.parse(old).wrap(SECRET, key_id=KEY_ID)
    ring = MasterKeys.parse(f"{new}, {old}")
    assert ring.newest == "new"
    assert ring.wrap(SECRET, key_id=KEY_ID).master == "new"
    assert ring.unwrap(wrapped, key_id=KEY_ID) == SECRET


def test_a_wrapped_key_is_bound_to_its_id_and_its_master():
    ring = MasterKeys({"a": bytes(32), "b": bytes(32)})
    wrapped = ring.wrap(SECRET, key_id=KEY_ID)
    for other, key_id in ((wrapped, UUID(int=1)), (Wrapped("b", wrapped.box), KEY_ID)):
        with pytest.raises(Tampered):
            ring.unwrap(other, key_id=key_id)


def test_a_key_under_an_unknown_master_says_so():
    with pytest.raises(MasterMissing):
        MasterKeys({"a": bytes(32)}).unwrap(Wrapped("gone", bytes(61)), key_id=KEY_ID)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "m1",
        "m1:",
        "m1:tekort",
        ":" + "A" * 43,
        "m 1:" + "A" * 43,
        "m1:" + "A" * 44,
        "m1:" + "+" * 43,
        f"m1:{'A' * 43},",
        f"m1:{'A' * 43},m1:{'B' * 43}",
    ],
)
def test_master_keys_of_another_form_are_refused_without_showing_them(text):
    with pytest.raises(ValueError, match="MASTER_KEYS") as refused:
        MasterKeys.parse(text)
    assert "AAAA" not in str(refused.value)


def test_a_ring_of_masters_shows_names_only():
    made = new_master("m1")
    assert repr(MasterKeys.parse(made)) == "MasterKeys(m1)"
    assert new_master() != new_master()
    assert masters.ENTRY.fullmatch(new_master())
