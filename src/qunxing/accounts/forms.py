"""The forms of accounts."""

from typing import Any, ClassVar

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from qunxing.accounts.models import EMAIL_TAKEN, ApiToken, SavedView, User


class UserForm(forms.ModelForm):  # type: ignore[type-arg]
    """An account as staff keep it; the password is asked for a new one only."""

    password = forms.CharField(
        label=_("First password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        validators=[validate_password],
        help_text=_("Give it to the person; it can be changed after signing in."),
    )

    class Meta:
        model = User
        fields: ClassVar[list[str]] = ["username", "name", "email", "kind", "is_active"]
        labels: ClassVar[dict[str, Any]] = {"is_active": _("may sign in")}
        help_texts: ClassVar[dict[str, Any]] = {"is_active": _("Close an account instead of deleting it.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields.pop("password")
            self.fields["username"].disabled = True

    def clean_email(self) -> str:
        """The address as it is kept; the error stands at its field."""
        email: str = self.cleaned_data["email"].lower()
        others = User.objects.exclude(pk=self.instance.pk)
        if email and others.filter(email=email).exists():
            raise forms.ValidationError(EMAIL_TAKEN)
        return email


class SavedViewForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = SavedView
        fields: ClassVar[list[str]] = ["name", "list_code", "query", "shared"]


class TokenForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = ApiToken
        fields: ClassVar[list[str]] = ["name", "expires_on"]
        widgets: ClassVar[dict[str, forms.Widget]] = {"expires_on": forms.DateInput(attrs={"type": "date"})}
