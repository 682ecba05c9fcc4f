"""Everything the visitor's host answers. Nothing of the team is here."""

from django.urls import include, path

from helpline.ops import views as ops

handler400 = "helpline.pages.bad_request"
handler403 = "helpline.pages.forbidden"
handler404 = "helpline.pages.not_found"
handler500 = "helpline.pages.broken"

urlpatterns = [
    path("", include("chat.visitors.urls")),
    path("", include("chat.live.urls_visitor")),
    path("healthz", ops.healthz),
]
