"""Requests to restore somebody's access, waiting for a second admin."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from helpline.staff import access
from helpline.staff.actions import members
from helpline.staff.admin.site import Addresses, CodedAdmin, site
from helpline.staff.models import AccessReset


@admin.register(AccessReset, site=site)
class ResetAdmin(CodedAdmin):
    """Two people restore access: one asks (at the member), another confirms (here)."""

    list_display = ("member", "asked_by", "confirmed_by", "expires_at", "confirm")
    list_display_links = None
    list_select_related = ("member", "asked_by", "confirmed_by")

    @admin.display(description=_("bevestigen"))
    def confirm(self, reset: AccessReset) -> str:
        if not reset.is_open:
            return ""
        address = reverse("admin:staff_accessreset_confirm", args=[reset.pk])
        return format_html('<a href="{}">{}</a>', address, _("Bevestigen"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> Addresses:
        confirm = self.admin_site.admin_view(access.step_up_required(self.confirm_view))
        return [
            path("<int:reset_id>/confirm/", confirm, name="staff_accessreset_confirm"),
            *super().get_urls(),
        ]

    def confirm_view(self, request: HttpRequest, reset_id: int) -> HttpResponseBase:
        """Ask whether the second admin is sure, then do it."""
        if request.method == "POST":
            return self.kindly(request, lambda: self._confirm(request, reset_id))
        page: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "member": get_object_or_404(AccessReset, pk=reset_id).member,
            "step": "confirm",
        }
        return render(request, "staff/admin/sure.html", page)

    def _confirm(self, request: HttpRequest, reset_id: int) -> HttpResponse:
        members.confirm_reset(reset_id=reset_id, by=access.me(request).pk)
        messages.success(request, _("Gedaan. Er is een nieuwe link gestuurd."))
        return self.back_to_list()
