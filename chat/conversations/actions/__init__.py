"""The verbs of a talk. Only here is a talk written."""

from chat.conversations.actions.ending import close, erase, shred
from chat.conversations.actions.holding import (
    accept_transfer,
    assign,
    give_back,
    note_opening,
    offer_transfer,
    withdraw_offer,
)
from chat.conversations.actions.talking import (
    add_note,
    answer,
    mark_seen,
    open_conversation,
    post_message,
    speak,
    start_waiting,
)

__all__ = [
    "accept_transfer",
    "add_note",
    "answer",
    "assign",
    "close",
    "erase",
    "give_back",
    "mark_seen",
    "note_opening",
    "offer_transfer",
    "open_conversation",
    "post_message",
    "shred",
    "speak",
    "start_waiting",
    "withdraw_offer",
]
