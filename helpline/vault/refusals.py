"""Why the vault may say no."""

from django.utils.translation import gettext_lazy as _

from helpline.errors import Refusal


class Shredded(Refusal):
    """The key is destroyed, and so is everything that was sealed under it."""

    code = "shredded"
    status = 410
    sentence = _("Dit is gewist. Niemand kan het nog lezen.")


class Tampered(Refusal):
    """A box that is not as we made it, or not where we put it."""

    code = "tampered"
    status = 500
    sentence = _("Dit kan niet worden gelezen: het is veranderd of staat op de verkeerde plek.")


class MasterMissing(Refusal):
    """The master key that wrapped this data key is not in MASTER_KEYS."""

    code = "master_missing"
    status = 500
    sentence = _("Dit kan nu niet worden gelezen: er ontbreekt een sleutel op de server.")


class TooManyOrphans(Refusal):
    """A sweep would destroy more keys than can plausibly be orphans: nothing was destroyed."""

    code = "too_many_orphans"
    status = 500
    sentence = _("Er zijn te veel sleutels die bij niets horen. Er is niets vernietigd.")
