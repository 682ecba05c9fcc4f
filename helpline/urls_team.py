"""Everything the team's host answers. Nothing of the visitor is here."""

from django.urls import include, path

from helpline.ops import views as ops
from helpline.staff.admin import site as admin_site

handler400 = "helpline.pages.bad_request"
handler403 = "helpline.pages.forbidden"
handler404 = "helpline.pages.not_found"
handler500 = "helpline.pages.broken"

urlpatterns = [
    path("", include("helpline.staff.urls")),
    path("desk/", include("triage.desk.urls")),
    path("desk/", include("chat.live.urls_team")),
    path("admin/", admin_site.urls),
    path("healthz", ops.healthz),
    path("readyz", ops.readyz),
]
