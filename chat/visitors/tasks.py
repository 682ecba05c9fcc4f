"""The sweep behind the tickets."""

from celery import shared_task

from chat.visitors import actions


@shared_task
def sweep_tickets() -> int:
    """Forget tickets that are dead of age. Returns how many."""
    return actions.sweep_tickets()
