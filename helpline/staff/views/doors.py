"""Coming in and going out: password, code, recovery code, step-up, sign-out."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from helpline.errors import Refusal
from helpline.staff import access, queries, refusals
from helpline.staff.actions import doors
from helpline.staff.forms import CodeForm, RecoveryForm, SignInForm, TeamForm

FEW_CODES = 3


@require_http_methods(["GET", "HEAD", "POST"])
@access.for_anybody
def sign_in(request: HttpRequest) -> HttpResponse:
    """The first step: name and password."""
    if request.method != "POST" and queries.half_member_of(request):
        return access.next_page(request)
    form = SignInForm(request.POST or None)
    if not form.is_valid():
        return _ask(request, "staff/sign_in.html", form)
    try:
        doors.sign_in(request, **form.cleaned_data)
    except (refusals.SignInRefused, refusals.StillTrying) as refusal:
        form.refuse(refusal)
        return _ask(request, "staff/sign_in.html", form, status=refusal.status)
    except refusals.LockedOut as refusal:
        return render(request, "staff/locked.html", {"refusal": refusal}, status=refusal.status)
    return access.go("staff:code", back=request.POST.get("next", ""))


@require_http_methods(["GET", "HEAD", "POST"])
@access.half_required
def code(request: HttpRequest) -> HttpResponse:
    """The second step: a code from the phone."""
    if queries.member_of(request):
        return access.next_page(request)
    if queries.phone_of(access.me(request)) is None:
        return redirect("staff:phone")
    return _prove(request, "staff/code.html")


@require_http_methods(["GET", "HEAD", "POST"])
@access.member_required
def step_up(request: HttpRequest) -> HttpResponse:
    """A fresh code before something dangerous."""
    return _prove(request, "staff/step_up.html")


def _prove(request: HttpRequest, template: str) -> HttpResponse:
    form = CodeForm(request.POST or None)
    if not form.is_valid():
        return _ask(request, template, form)
    try:
        doors.give_code(request, member_id=access.me(request).pk, code=form.cleaned_data["code"])
    except Refusal as refusal:
        form.refuse(refusal, "code")
        return _ask(request, template, form, status=refusal.status)
    return access.next_page(request)


@require_http_methods(["GET", "HEAD", "POST"])
@access.half_required
def recovery(request: HttpRequest) -> HttpResponse:
    """The paper instead of the phone."""
    form = RecoveryForm(request.POST or None)
    if not form.is_valid():
        return _ask(request, "staff/recovery.html", form)
    typed = form.cleaned_data["code"]
    try:
        left = doors.give_recovery_code(request, member_id=access.me(request).pk, code=typed)
    except Refusal as refusal:
        form.refuse(refusal, "code")
        return _ask(request, "staff/recovery.html", form, status=refusal.status)
    _tell_left(request, left)
    return access.next_page(request)


def _tell_left(request: HttpRequest, left: int) -> None:
    text = ngettext(
        "Je hebt nog %(left)d herstelcode.", "Je hebt nog %(left)d herstelcodes.", left
    ) % {"left": left}
    if left <= FEW_CODES:
        text += " " + _("Maak nieuwe bij Mijn account.")
    messages.info(request, text)


@require_POST
@access.for_anybody
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session."""
    doors.sign_out(request)
    return redirect("staff:sign_in")


def _ask(
    request: HttpRequest, template: str, form: TeamForm, status: int | None = None
) -> HttpResponse:
    status = status or (422 if form.is_bound else 200)
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return render(request, template, {"form": form, "next": wanted}, status=status)
