"""Invitations: who was asked to join, and by whom."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from helpline.staff import access
from helpline.staff.actions import invitations
from helpline.staff.admin.site import CodedAdmin, site
from helpline.staff.forms import InvitationForm
from helpline.staff.models import Invitation
from helpline.staff.models.members import role_names


@admin.register(Invitation, site=site)
class InvitationAdmin(CodedAdmin):
    """Inviting the same address again sends a new link; the old one stops working."""

    form = InvitationForm
    list_display = ("name", "email", "in_words", "expires_at", "accepted_at", "invited_by")
    list_select_related = ("invited_by",)
    fields = ("name", "email", "roles")

    @admin.display(description=_("taken"))
    def in_words(self, invitation: Invitation) -> str:
        return ", ".join(role_names(invitation.roles))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """An open one can be withdrawn; an accepted one says how somebody came in."""
        return super().has_delete_permission(request, obj) and (obj is None or obj.is_open)

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Letting somebody in is as dangerous as changing what they may do."""
        show = access.step_up_required(super().add_view)
        return self.kindly(request, lambda: show(request, *args, **kwargs))  # type: ignore[return-value]

    def save_model(self, request: HttpRequest, obj: Invitation, form: Any, change: bool) -> None:
        sent = invitations.invite(by=access.me(request).pk, **form.cleaned_data)
        obj.pk = sent.invitation.pk

    def delete_model(self, request: HttpRequest, obj: Invitation) -> None:
        invitations.withdraw(invitation_id=obj.pk, by=access.me(request).pk)
