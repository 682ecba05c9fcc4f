"""What members type, checked before any verb hears it."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from helpline.audit.models import REFERENCE, Verb
from helpline.errors import Refusal
from helpline.staff import rules
from helpline.staff.codes import clean_login
from helpline.staff.models import Invitation, Member
from helpline.staff.models.members import LANGUAGES, ROLES
from helpline.staff.refusals import AlreadyMember

LONGEST_PASSWORD = 256


class TeamForm(forms.Form):
    """A calm form: one column, hints above the field, errors said twice."""

    required_css_class = "required"

    def refuse(self, refusal: Refusal, field: str | None = None) -> None:
        """Show a refusal as this form's error."""
        self.add_error(field, ValidationError(str(refusal.sentence), code=refusal.code))


def password_field(label: Any, *, autocomplete: str, hint: Any = "") -> forms.CharField:
    """A password: spaces count, paste works, and managers know what it is for."""
    widget = forms.PasswordInput({"autocomplete": autocomplete})
    return forms.CharField(
        label=label, help_text=hint, strip=False, max_length=LONGEST_PASSWORD, widget=widget
    )


class SignInForm(TeamForm):
    email = forms.EmailField(
        label=_("E-mailadres"),
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "username", "autofocus": True}),
    )
    password = password_field(_("Wachtwoord"), autocomplete="current-password")


class CodeForm(TeamForm):
    code = forms.CharField(
        label=_("Code van 6 cijfers"),
        max_length=16,
        widget=forms.TextInput(
            {"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
        ),
    )


class RecoveryForm(TeamForm):
    code = forms.CharField(
        label=_("Herstelcode"),
        help_text=_("Streepjes en hoofdletters maken niet uit."),
        max_length=64,
        widget=forms.TextInput(
            {
                "autocomplete": "off",
                "autocapitalize": "none",
                "spellcheck": "false",
                "autofocus": True,
            }
        ),
    )


class TwicePasswordMixin(TeamForm):
    """Two equal passwords that the validators accept."""

    def check_passwords(self, member: Member) -> None:
        password, again = self.cleaned_data.get("password"), self.cleaned_data.get("again")
        if not password or not again:
            return
        if password != again:
            self.add_error("again", _("De twee wachtwoorden zijn niet gelijk."))
            return
        try:
            validate_password(password, member)
        except ValidationError as weak:
            self.add_error("password", weak)


def alias_field() -> forms.CharField:
    return forms.CharField(
        label=_("Voornaam of alias"),
        help_text=_("Zo noemen we je in het gesprek. Het hoeft niet je eigen naam te zijn."),
        max_length=30,
        widget=forms.TextInput({"autocomplete": "nickname"}),
    )


def clean_alias(alias: str) -> str:
    if not rules.alias_is_plain(alias):
        raise ValidationError(_("Gebruik alleen letters."), code="alias")
    return alias


class AcceptForm(TwicePasswordMixin):
    alias = alias_field()
    password = password_field(
        _("Wachtwoord"),
        autocomplete="new-password",
        hint=_("Minstens 12 tekens. Een paar woorden achter elkaar is goed."),
    )
    again = password_field(_("Nog een keer hetzelfde wachtwoord"), autocomplete="new-password")

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.member = member

    def clean_alias(self) -> str:
        return clean_alias(self.cleaned_data["alias"])

    def clean(self) -> None:
        self.check_passwords(self.member)


class SelfForm(TeamForm):
    alias = alias_field()
    language = forms.ChoiceField(label=_("Taal van deze site"), choices=LANGUAGES)

    def clean_alias(self) -> str:
        return clean_alias(self.cleaned_data["alias"])


class PasswordForm(TwicePasswordMixin):
    current = password_field(_("Je wachtwoord van nu"), autocomplete="current-password")
    password = password_field(
        _("Nieuw wachtwoord"),
        autocomplete="new-password",
        hint=_("Minstens 12 tekens. Een paar woorden achter elkaar is goed."),
    )
    again = password_field(_("Nog een keer het nieuwe wachtwoord"), autocomplete="new-password")

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.member = member

    def clean_current(self) -> str:
        current: str = self.cleaned_data["current"]
        if not self.member.check_password(current):
            raise ValidationError(_("Dit is niet je wachtwoord van nu."), code="current")
        return current

    def clean(self) -> None:
        self.check_passwords(self.member)


def roles_field() -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=_("Taken in het team"), choices=ROLES, widget=forms.CheckboxSelectMultiple
    )


class MemberForm(forms.ModelForm):  # type: ignore[type-arg]
    roles = roles_field()

    class Meta:
        model = Member
        fields = ("name", "roles")


class InvitationForm(forms.ModelForm):  # type: ignore[type-arg]
    """The verb replaces an open invitation, so a second one is no mistake."""

    roles = roles_field()

    class Meta:
        model = Invitation
        fields = ("name", "email", "roles")

    def clean_email(self) -> str:
        email = clean_login(self.cleaned_data["email"])
        if Member.objects.filter(email=email).exists():
            raise ValidationError(str(AlreadyMember.sentence), code=AlreadyMember.code)
        return email

    def validate_constraints(self) -> None:
        """Checked by the verb and by the database."""


class AuditForm(TeamForm):
    """What an auditor looks for; every field may stay empty."""

    verb = forms.ChoiceField(
        label=_("Wat"), required=False, choices=[("", _("alles")), *Verb.choices]
    )
    actor = forms.IntegerField(label=_("Nummer van wie"), required=False, min_value=1)
    reference = forms.RegexField(
        REFERENCE, label=_("Kenmerk"), required=False, max_length=100, strip=True
    )
    before = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
