"""The admin site itself, and what all its tables have in common."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.sites import AdminSite
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _

from helpline.errors import Refusal
from helpline.staff import access, queries
from helpline.staff.rules import Role

Addresses = list[URLPattern]
only_admins = access.role_required(Role.ADMIN)


class TeamAdmin(AdminSite):
    """Accounts and invitations, for admins who gave both factors."""

    site_header = site_title = _("Beheer van het team")
    index_title = _("Beheer")
    index_template = "staff/admin/index.html"
    site_url = None
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        member = queries.member_of(request)
        return member is not None and member.is_staff

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Every page here asks what our own pages ask, and refuses like them."""
        return only_admins(super().admin_view(view, cacheable))

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """There is one way in for everybody."""
        return redirect("staff:home")

    def logout(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:  # type: ignore[override]
        return redirect("staff:account")

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:  # type: ignore[override]
        return redirect("staff:password")


site = TeamAdmin(name="admin")


class CodedAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """A table that only the verbs change, that no second log describes, without script."""

    actions = None
    media = forms.Media()
    change_form_template = add_form_template = "staff/admin/form.html"
    change_list_template = "staff/admin/list.html"
    show_full_result_count = False

    def log_addition(self, *args: Any, **kwargs: Any) -> None:  # type: ignore[override]
        """The audit knows."""

    log_change = log_deletion = log_deletions = log_addition  # type: ignore[assignment]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        title = {"title": self.opts.verbose_name_plural}
        return super().changelist_view(request, {**title, **(extra_context or {})})

    def render_change_form(self, request: HttpRequest, context: Any, **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        """One button: save, and back to the list."""
        fewer = {"show_save_and_add_another": False, "show_save_and_continue": False}
        return super().render_change_form(request, context | fewer, **kwargs)

    def history_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.back_to_list()

    def back_to_list(self) -> HttpResponse:
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def kindly(
        self, request: HttpRequest, step: Callable[[], HttpResponseBase]
    ) -> HttpResponseBase:
        """Take `step`; a refusal becomes a message on the list, and nothing was changed."""
        try:
            with transaction.atomic():
                return step()
        except Refusal as refusal:
            messages.error(request, str(refusal.sentence))
            return self.back_to_list()
