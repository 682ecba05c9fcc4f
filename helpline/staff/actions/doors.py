"""In and out: password, code, step-up, sign-out.

Django keeps a login in the session of a request, so these verbs take the
request. Its key changes at every step up, so that a key somebody planted or
saw before is worth nothing after.
"""

from datetime import timedelta
from threading import BoundedSemaphore

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.db import transaction
from django.http import HttpRequest
from django_otp import login as verify_session
from django_otp.models import Device

from helpline import events
from helpline.audit.models import Verb
from helpline.clock import now
from helpline.staff import lockout, refusals, rules
from helpline.staff.actions import factors
from helpline.staff.actions.trail import note, note_refused
from helpline.staff.codes import clean_login
from helpline.staff.events import MemberRevoked, SessionEnded
from helpline.staff.models import Member, Session
from helpline.staff.sessions import STARTED, digest_of

# A password check costs memory and time on purpose: two at once leave the talks theirs.
CHECKING, PATIENCE = BoundedSemaphore(2), 3.0
PROVEN = "proven_at"  # when a code was last given in this session


def sign_in(request: HttpRequest, *, email: str, password: str) -> Member:
    """Accept the first step, a password. Raises SignInRefused, LockedOut or StillTrying.

    The answer, its time and its trail are the same for a name nobody has.
    """
    if not CHECKING.acquire(timeout=PATIENCE):
        raise refusals.StillTrying
    try:
        with transaction.atomic():
            if not lockout.alone(email):
                raise refusals.StillTrying
            member = authenticate(request, email=clean_login(email), password=password)
    finally:
        CHECKING.release()
    if isinstance(member, Member):
        begin(request, member=member)
        return member
    verdict = lockout.verdict(request)
    if verdict is not lockout.Verdict.STILL_LOCKED:
        about = Member.objects.filter(email=clean_login(email)).values_list("pk", flat=True).first()
        verb = Verb.SIGN_IN_REFUSED if verdict is lockout.Verdict.WRONG else Verb.LOCKED_OUT
        note_refused(verb, about=about, outcome="password")
    raise refusals.SignInRefused if verdict is lockout.Verdict.WRONG else refusals.LockedOut


def begin(request: HttpRequest, *, member: Member) -> None:
    """Open a session that is known but not verified; the absolute limit starts now."""
    logout(request)
    request.session[STARTED] = now().isoformat()
    login(request, member, backend="helpline.staff.backend.MemberBackend")


def give_code(request: HttpRequest, *, member_id: int, code: str) -> None:
    """Accept the second step, a code from the phone. Raises CodeRefused or CodeTooSoon."""
    _prove(request, factors.check_code(member_id=member_id, code=code))


def give_recovery_code(request: HttpRequest, *, member_id: int, code: str) -> int:
    """Accept a recovery code instead; return how many are left. Raises RecoveryRefused."""
    sheet = factors.use_recovery_code(member_id=member_id, code=code)
    _prove(request, sheet)
    return len(sheet.digests)


def give_first_code(request: HttpRequest, *, member_id: int, code: str) -> list[str]:
    """Accept the code that links a phone; return recovery codes if there were none yet.

    Whatever was open elsewhere ends. Raises CodeRefused, CodeTooSoon or NothingToEnrol.
    """
    phone = factors.confirm_phone(member_id=member_id, code=code)
    fresh = factors.make_first_recovery_codes(member_id=member_id)
    with transaction.atomic():
        end_sessions(member_id=member_id, keep=request.session.session_key)
        _prove(request, phone)
    return fresh


@transaction.atomic
def _prove(request: HttpRequest, device: Device) -> None:
    """Make the session verified, or prove again that it is in the right hands."""
    again = bool(getattr(request.user, "otp_device", None))
    verify_session(request, device)
    if again:  # coming in opens no dangerous door: that asks for a code of its own
        request.session[PROVEN] = now().timestamp()
    request.session.cycle_key()
    member_id = device.user_id
    note(Verb.STEP_UP if again else Verb.SIGNED_IN, actor=member_id, about=member_id)


def touch_session(*, session_key: str) -> None:
    """A sign of life: the idle limit starts again. A session that ended stays ended."""
    Session.objects.live().filter(pk=digest_of(session_key)).update(seen_at=now())


@transaction.atomic
def sign_out(request: HttpRequest) -> None:
    """End this session and whatever is open in it."""
    member_id, session = request.user.pk, digest_of(request.session.session_key)
    logout(request)
    if member_id is not None:
        note(Verb.SIGNED_OUT, actor=member_id, about=member_id)
        events.publish(SessionEnded(member_id, session))


@transaction.atomic
def sign_out_everywhere(*, member_id: int, keep: str | None = None) -> None:
    """End all sessions of a member, everywhere; the session with key `keep` stays."""
    end_sessions(member_id=member_id, keep=keep)
    note(Verb.SIGNED_OUT_EVERYWHERE, actor=member_id, about=member_id)


def end_sessions(*, member_id: int, keep: str | None = None) -> None:
    """Delete a member's sessions and tell whoever holds a socket of theirs."""
    ending = Session.objects.filter(member_id=member_id)
    if keep:
        ending = ending.exclude(pk=digest_of(keep))
    ending.delete()
    events.publish(MemberRevoked(member_id))


def end_stale_sessions() -> int:
    """Remove sessions that were idle too long or became too old; a sweep calls this."""
    count, _by_table = Session.objects.ended().delete()
    return count


def forget_wrong_passwords() -> int:
    """Remove the counts that lock nobody out any more; a sweep calls this."""
    return lockout.forget_before(now() - settings.AXES_COOLOFF_TIME)


def is_fresh(request: HttpRequest, *, window: timedelta) -> bool:
    """Whether a code was given in this session within `window`."""
    proven_at = request.session.get(PROVEN)
    return rules.is_fresh(proven_at=proven_at, now=now().timestamp(), window=window)
