"""The verbs of a talk. Only here is a talk written."""

from chat.conversations.actions.ending import close, erase, shred
from chat.conversations.actions.holding import (
    accept_transfer,
    assign,
    give_back,
    note_openings,
    offer_transfer,
    withdraw_offer,
)
from chat.conversations.actions.posting import Post, Posted, post_message, post_messages
from chat.conversations.actions.talking import (
    add_note,
    answer,
    mark_seen,
    open_conversation,
    speak,
    start_waiting,
)

__all__ = [
    "Post",
    "Posted",
    "accept_transfer",
    "add_note",
    "answer",
    "assign",
    "close",
    "erase",
    "give_back",
    "mark_seen",
    "note_openings",
    "offer_transfer",
    "open_conversation",
    "post_message",
    "post_messages",
    "shred",
    "speak",
    "start_waiting",
    "withdraw_offer",
]
