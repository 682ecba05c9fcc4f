"""What may be said: the rules for one text, pure."""

import unicodedata

from chat.conversations.refusals import TextEmpty, TextTooLong, TextUnreadable

ALLOWED_CONTROLS = frozenset("\n\t")
UNREADABLE = frozenset({"Cc", "Cs"})  # control characters and half surrogates
INVISIBLE = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})


def clean_text(text: str, *, longest: int) -> str:
    """`text` as it will be stored and shown: the same, with one kind of line end.

    `longest` counts code points. Raises TextTooLong, TextUnreadable or
    TextEmpty (nothing a person could see).
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > longest:
        raise TextTooLong
    kinds = {unicodedata.category(one) for one in set(text) - ALLOWED_CONTROLS}
    if kinds & UNREADABLE:
        raise TextUnreadable
    if kinds <= INVISIBLE:
        raise TextEmpty
    return text
