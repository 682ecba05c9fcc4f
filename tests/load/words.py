"""What the swarm says, pure: 200 bytes that tell which message of which talk they are."""

LENGTH = 200
FILL = (
    "ik weet niet goed hoe ik dit moet zeggen maar ik probeer het toch want zo kan het niet langer "
    * 3
)


def text_of(talk: int, number: int) -> str:
    """The text of a talk's `number`th message; no other message has it."""
    return f"{talk}/{number} {FILL}"[:LENGTH]


def client_id_of(talk: int, number: int) -> str:
    """The sender's id of a talk's `number`th message."""
    return f"{talk:08x}-0000-4000-8000-{number:012x}"


def number_in(client_id: str) -> int:
    """Which message of its talk a client id names."""
    return int(client_id[24:], 16)
