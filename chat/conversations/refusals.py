"""What the post office refuses, in words a person understands."""

from django.utils.translation import gettext_lazy as _

from helpline.errors import Refusal


class TextEmpty(Refusal):
    code = "text_empty"
    status = 422
    sentence = _("Er staat nog niets. Schrijf eerst iets.")


class TextTooLong(Refusal):
    code = "text_too_long"
    status = 422
    sentence = _("Dit bericht is te lang. Knip het in stukken. Je tekst is bewaard.")


class TextUnreadable(Refusal):
    code = "text_unreadable"
    status = 422
    sentence = _("In dit bericht staan tekens die wij niet kunnen lezen. Haal ze weg.")


class ConversationClosed(Refusal):
    code = "talk_closed"
    status = 409
    sentence = _("Dit gesprek is gesloten. Je bericht is niet verstuurd.")


class TalkFull(Refusal):
    code = "talk_full"
    status = 409
    sentence = _("Dit gesprek is vol. Je bericht is niet verstuurd. Begin een nieuw gesprek.")


class NotWaiting(Refusal):
    code = "taken"
    status = 409
    sentence = _("Een collega was net eerder, of de bezoeker is weg.")


class NotClaimed(Refusal):
    code = "not_claimed"
    status = 409
    sentence = _("Dit gesprek is nu van niemand.")


class NotOffered(Refusal):
    code = "not_offered"
    status = 409
    sentence = _("Dit gesprek wordt jou niet (meer) aangeboden.")


class UnknownAnswer(Refusal):
    code = "unknown_answer"
    status = 422
    sentence = _("Dit antwoord kennen we niet. Kies er een uit de lijst.")
