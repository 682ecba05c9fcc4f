"""Members: names and roles, leaving, coming back, and a lost second factor."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from helpline.errors import NotFound
from helpline.staff import access, queries
from helpline.staff.actions import members
from helpline.staff.admin.site import Addresses, CodedAdmin, site
from helpline.staff.forms import MemberForm
from helpline.staff.models import Member

STEPS: dict[str, Callable[..., Any]] = {
    "disable": members.disable_member,
    "enable": members.enable_member,
    "reset": members.ask_reset,
}


@admin.register(Member, site=site)
class MemberAdmin(CodedAdmin):
    """Everybody of the team; who left stays in the list without access."""

    form = MemberForm
    list_display = ("name", "email", "in_words", "has_phone", "is_active")
    list_filter = ("is_active",)
    search_fields = ("name", "email")
    fields = ("name", "email", "alias", "roles")
    readonly_fields = ("email", "alias")
    change_form_template = "staff/admin/member.html"

    @admin.display(description=_("taken"))
    def in_words(self, member: Member) -> str:
        return ", ".join(member.role_names)

    @admin.display(description=_("tweede factor"), boolean=True)
    def has_phone(self, member: Member) -> bool:
        return queries.phone_of(member) is not None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_urls(self) -> Addresses:
        step = self.admin_site.admin_view(access.step_up_required(self.take_step))
        return [
            path("<int:member_id>/<str:name>/sure/", step, name="staff_member_step"),
            *super().get_urls(),
        ]

    def change_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Roles are dangerous: their form asks for a fresh code before it opens."""
        show = access.step_up_required(super().change_view)
        return self.kindly(request, lambda: show(request, *args, **kwargs))  # type: ignore[return-value]

    def save_model(self, request: HttpRequest, obj: Member, form: Any, change: bool) -> None:
        members.change_member(member_id=obj.pk, by=access.me(request).pk, **form.cleaned_data)

    def take_step(self, request: HttpRequest, member_id: int, name: str) -> HttpResponseBase:
        """Ask whether the admin is sure, then do it."""
        if name not in STEPS:
            raise NotFound
        if request.method == "POST":
            return self.kindly(request, lambda: self._take(request, member_id, name))
        page = {
            **self.admin_site.each_context(request),
            "member": queries.member_by_id(member_id),
            "step": name,
        }
        return render(request, "staff/admin/sure.html", page)

    def _take(self, request: HttpRequest, member_id: int, name: str) -> HttpResponse:
        STEPS[name](member_id=member_id, by=access.me(request).pk)
        messages.success(request, _("Gedaan."))
        return self.back_to_list()
