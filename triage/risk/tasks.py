"""The sweep that stands behind the events."""

from celery import shared_task

from triage.risk import actions


@shared_task
def sweep_assessments() -> None:
    """Assess who was missed and forget what was erased."""
    actions.assess_waiting()
    actions.forget_erased()
