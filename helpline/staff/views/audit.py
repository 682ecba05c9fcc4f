"""Who did what, for the auditor: codes and ids, and never a word of a talk."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from helpline.audit import queries as audit
from helpline.audit.models import Entry, Role, Subject, Verb
from helpline.staff import access, queries, rules
from helpline.staff.actions import trail
from helpline.staff.forms import AuditForm

ROWS = 50
VERBS, ROLES, SUBJECTS = dict(Verb.choices), dict(Role.choices), dict(Subject.choices)


@require_safe
@access.role_required(rules.Role.AUDITOR)
def entries(request: HttpRequest) -> HttpResponse:
    """The log, the newest first. Reading it is in it."""
    trail.note_audit_read(actor=access.me(request).pk)
    form = AuditForm(request.GET or None)
    asked = form.cleaned_data if form.is_valid() else {}
    found = list(_matching(asked)[: ROWS + 1])
    page = {"form": form, "rows": _rows(found[:ROWS])}
    if len(found) > ROWS:
        keep = {name: value for name, value in asked.items() if value and name != "before"}
        page["older"] = urlencode(keep | {"before": found[ROWS - 1].number})
    return render(request, "staff/audit.html", page)


def _matching(asked: dict[str, Any]) -> QuerySet[Entry]:
    found = audit.entries()
    if before := asked.get("before"):
        found = found.filter(number__lt=before)
    for name in ("verb", "actor", "reference"):
        if wanted := asked.get(name):
            found = found.filter(**{name: wanted})
    return found


def _rows(found: list[Entry]) -> list[dict[str, Any]]:
    """The entries in words; the codes themselves stay visible beside them."""
    names = queries.names_of(entry.actor for entry in found if entry.actor)
    return [
        {
            "entry": entry,
            "who": names.get(entry.actor or 0, ""),
            "role": ROLES.get(entry.role, entry.role),
            "verb": VERBS.get(entry.verb, entry.verb),
            "subject": SUBJECTS.get(entry.subject, entry.subject),
        }
        for entry in found
    ]
