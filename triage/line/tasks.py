"""The sweeps that make sure of the line. Each is safe to repeat and to run twice at once."""

from celery import shared_task

from triage.line import actions


@shared_task
def prune() -> None:
    """Everybody who waits has a place, and nobody else; who did not come back is closed."""
    actions.join_missed()
    actions.close_gone()
    actions.sweep_places()


@shared_task
def return_orphans() -> None:
    """Nobody stays with a counsellor who is not there."""
    actions.return_orphans()
