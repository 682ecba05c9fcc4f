"""The sweep of the staff room: what is over is not kept."""

from celery import shared_task

from helpline.staff.actions import doors, invitations


@shared_task
def sweep() -> None:
    """Remove sessions, counts of wrong passwords and links that are over. Safe to repeat."""
    doors.end_stale_sessions()
    doors.forget_wrong_passwords()
    invitations.forget_expired()
