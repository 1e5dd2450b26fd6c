"""The forms of alerts."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from qunxing.matching.alerts.matches import find_match
from qunxing.matching.alerts.matters import specs, unheard
from qunxing.matching.alerts.models import Feed, Watch, WatchKind, Wishes

LONGEST_QUERY = 4_000


class WatchForm(forms.ModelForm):  # type: ignore[type-arg]
    """A new watch: what it looks at comes along hidden, from the page that was looked at."""

    name = forms.CharField(
        label=_("Name"), max_length=120, required=False, help_text=_("Left empty, it says what is looked for.")
    )

    class Meta:
        model = Watch
        fields: ClassVar[list[str]] = ["name", "every", "kind", "target", "query"]
        widgets: ClassVar[dict[str, Any]] = {name: forms.HiddenInput() for name in ("kind", "target", "query")}

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_query(self) -> str:
        query: str = self.cleaned_data["query"]
        if len(query) > LONGEST_QUERY:
            raise forms.ValidationError(_("These filters are too long to be kept."))
        return query

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and not self.is_known(cleaned["kind"], cleaned["target"]):
            raise forms.ValidationError(_("There is nothing of this kind to watch. Start from a list or a search."))
        if not self.errors and cleaned["kind"] == WatchKind.LIST:
            self.refuse_unheard(unheard(cleaned["target"], cleaned["query"], self.user))
        return cleaned

    def refuse_unheard(self, names: list[str]) -> None:
        """A watch that left a filter out would tell of more than was asked for."""
        if names:
            raise forms.ValidationError(
                _("This filter cannot be watched: %(names)s. Leave it out and start again from the list.")
                % {"names": ", ".join(names)[:200]}
            )

    def is_known(self, kind: str, target: str) -> bool:
        if kind == WatchKind.LIST:
            return target in specs()
        return target == "" if kind == WatchKind.SEARCH else find_match(target, self.user) is not None


class WatchEditForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Watch
        fields: ClassVar[list[str]] = ["name", "every"]


class WishesForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Wishes
        fields: ClassVar[list[str]] = ["by_mail", "language"]


class FeedForm(forms.ModelForm):  # type: ignore[type-arg]
    """A feed of everything one is told, or of one saved search."""

    class Meta:
        model = Feed
        fields: ClassVar[list[str]] = ["name", "watch"]

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["watch"]
        field.queryset = Watch.objects.filter(user=user)
        field.to_field_name = "ref"
        field.required = False
        field.empty_label = _("everything I am told")
