"""What members change about themselves."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from helpline.staff import access, queries
from helpline.staff.actions import doors, factors, members
from helpline.staff.forms import PasswordForm, SelfForm


@require_http_methods(["GET", "HEAD", "POST"])
@access.member_required
def account(request: HttpRequest) -> HttpResponse:
    """My names, my phone, my paper, my sessions."""
    member = access.me(request)
    now = {"alias": member.alias, "language": member.language}
    form = SelfForm(request.POST or None, initial=now)
    if form.is_valid():
        members.change_self(member_id=member.pk, **form.cleaned_data)
        messages.success(request, _("Bewaard."))
        return redirect("staff:account")
    page = {
        "form": form,
        "member": member,
        "phone": queries.phone_of(member),
        "codes_left": queries.recovery_codes_left(member),
    }
    return render(request, "staff/account.html", page, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@access.member_required
def password(request: HttpRequest) -> HttpResponse:
    """Choose another password; all other browsers are signed out."""
    form = PasswordForm(request.POST or None, member=access.me(request))
    if not form.is_valid():
        page = {"form": form}
        return render(request, "staff/password.html", page, status=422 if form.is_bound else 200)
    chosen, keep = form.cleaned_data["password"], request.session.session_key
    member = members.change_password(member_id=access.me(request).pk, password=chosen, keep=keep)
    update_session_auth_hash(request, member)
    messages.success(
        request, _("Je wachtwoord is veranderd. Op andere apparaten ben je uitgelogd.")
    )
    return redirect("staff:account")


@require_http_methods(["GET", "HEAD", "POST"])
@access.member_required
@access.step_up_required
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Ten new recovery codes, shown once."""
    if request.method != "POST":
        return render(request, "staff/new_recovery_codes.html")
    fresh = factors.make_recovery_codes(member_id=access.me(request).pk)
    return render(request, "staff/recovery_codes.html", {"codes": fresh})


@require_POST
@access.member_required
def everywhere(request: HttpRequest) -> HttpResponse:
    """End all my sessions, this one too."""
    doors.sign_out_everywhere(member_id=access.me(request).pk)
    request.session.flush()
    return redirect("staff:sign_in")
