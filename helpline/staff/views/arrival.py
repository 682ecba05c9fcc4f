"""The way in for somebody new: link, password, phone, paper."""

from io import BytesIO

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from helpline.errors import NotFound, Refusal
from helpline.staff import access, codes, queries, refusals
from helpline.staff.actions import doors, factors, invitations
from helpline.staff.forms import AcceptForm, CodeForm
from helpline.staff.models import Member, TotpDevice

INVITED = "invitation"  # session: which invitation is being accepted
PHONE = "phone"  # session: which phone this browser was shown the secret of
ISSUER = "Helpline"


@require_safe
@access.for_anybody
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Take the token out of the address bar before anything else is shown."""
    found = queries.open_invitation(token)
    if found is None:
        raise refusals.InvitationGone
    request.session[INVITED] = found.pk
    return redirect("staff:welcome")


@require_http_methods(["GET", "HEAD", "POST"])
@access.for_anybody
def welcome(request: HttpRequest) -> HttpResponse:
    """Choose an alias and a password."""
    found = queries.invitation_by_id(request.session.get(INVITED))
    if found is None:
        raise refusals.InvitationGone
    member = found.member or Member(email=found.email, name=found.name)
    first = {"alias": member.alias or found.name.split(" ")[0]}
    form = AcceptForm(request.POST or None, initial=first, member=member)
    if not form.is_valid():
        page = {"form": form, "invitation": found}
        return render(request, "staff/welcome.html", page, status=422 if form.is_bound else 200)
    alias, password = form.cleaned_data["alias"], form.cleaned_data["password"]
    invitations.accept(request, invitation_id=found.pk, alias=alias, password=password)
    return redirect("staff:phone")


@require_http_methods(["GET", "HEAD", "POST"])
@access.half_required
def phone(request: HttpRequest) -> HttpResponse:
    """Link a phone, the first one or another."""
    member = _whoever_may_enrol(request)
    if not access.session_is_fresh(request) and queries.member_of(request):
        return access.with_next("staff:step_up", request)
    form = CodeForm(request.POST or None)
    form.fields["code"].widget.attrs.pop("autofocus", None)
    if not form.is_valid():
        return _show_phone(request, member, form)
    try:
        fresh = doors.give_first_code(request, member_id=member.pk, code=form.cleaned_data["code"])
    except Refusal as refusal:
        form.refuse(refusal, "code")
        return _show_phone(request, member, form, status=refusal.status)
    if not fresh:
        return redirect("staff:account")
    return render(request, "staff/recovery_codes.html", {"codes": fresh})


def _whoever_may_enrol(request: HttpRequest) -> Member:
    """Verified, or just invited. Raises EnrolmentClosed."""
    member = queries.member_of(request)
    half = queries.half_member_of(request)
    if member is None and half is not None and queries.may_enrol(half):
        member = half
    if member is None:
        raise refusals.EnrolmentClosed
    return member


def _show_phone(
    request: HttpRequest, member: Member, form: CodeForm, status: int | None = None
) -> HttpResponse:
    secret = codes.in_groups(codes.in_base32(_waiting_phone(request, member).secret()))
    page = {"form": form, "secret": secret, "first": queries.phone_of(member) is None}
    status = status or (422 if form.is_bound else 200)
    return render(request, "staff/phone.html", page, status=status)


def _waiting_phone(request: HttpRequest, member: Member) -> TotpDevice:
    """This browser's own waiting phone: a secret that another one saw is not used."""
    waiting = queries.waiting_phone_of(member)
    if waiting is None or request.session.get(PHONE) != waiting.pk:
        waiting = factors.prepare_phone(member_id=member.pk)
        request.session[PHONE] = waiting.pk
    return waiting


@require_safe
@access.half_required
def qr(request: HttpRequest) -> HttpResponse:
    """The waiting phone's secret as a picture, for the browser that asked for it."""
    member = _whoever_may_enrol(request)
    waiting = queries.waiting_phone_of(member)
    if waiting is None or request.session.get(PHONE) != waiting.pk:
        raise NotFound
    address = codes.enrolment_address(
        secret_hex=waiting.secret(), login=member.email, issuer=ISSUER
    )
    picture, colours = BytesIO(), {"dark": "#14171b", "light": "#ffffff"}
    segno.make(address, error="m").save(picture, kind="svg", scale=6, border=4, **colours)
    return HttpResponse(picture.getvalue(), content_type="image/svg+xml")
