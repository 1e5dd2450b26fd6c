"""The forms of checks, awards, notices and objections."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qunxing.challenges.checkpoints import FAIL, PASS, STATE_NAMES

LONG = forms.Textarea(attrs={"rows": 6})
SHORT = forms.Textarea(attrs={"rows": 3})


def is_yes(value: str) -> bool:
    return value == "yes"


class JudgeForm(forms.Form):
    """A point settled by hand."""

    code = forms.CharField(widget=forms.HiddenInput, max_length=40)
    state = forms.ChoiceField(
        label=pgettext_lazy("point of the formal check", "Finding"),
        choices=[(PASS, STATE_NAMES[PASS]), (FAIL, STATE_NAMES[FAIL])],
    )
    detail = forms.CharField(label=_("Reason"), max_length=500, widget=SHORT)


class ReasonForm(forms.Form):
    """A step that needs a reason and nothing else."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=SHORT)


class ReviewAgainForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=SHORT)
    new_panel = forms.BooleanField(
        label=_("By a new panel"),
        required=False,
        initial=True,
        help_text=_("Otherwise the same panel scores anew. What was scored before does not count in either case."),
    )


class ProposeForm(forms.Form):
    winners = forms.IntegerField(
        label=_("How many are awarded"),
        initial=1,
        min_value=1,
        max_value=5,
        help_text=_("More than one in a race only."),
    )
    reason = forms.CharField(label=_("Remark"), max_length=500, required=False, widget=SHORT)

    def __init__(self, *args: Any, race: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not race:
            self.fields["winners"].widget = forms.HiddenInput()


class NoticeForm(forms.Form):
    text = forms.CharField(
        label=_("Text of the notice"),
        required=False,
        max_length=5_000,
        widget=LONG,
        help_text=_("What is awarded, the days and how to object are added by the program."),
    )


class ObjectionForm(forms.Form):
    """An objection by whoever has one; the name is for staff alone."""

    name = forms.CharField(label=_("Your real name"), max_length=60)
    employer = forms.CharField(label=_("Your organisation or address"), max_length=200)
    phone = forms.CharField(label=pgettext_lazy("objector", "Phone"), max_length=40, required=False)
    email = forms.EmailField(label=pgettext_lazy("objector", "E-mail"), required=False)
    grounds = forms.CharField(label=_("What you object to, and why"), max_length=10_000, widget=LONG)
    proof = forms.CharField(label=_("Facts and proof"), max_length=10_000, required=False, widget=LONG)


class AnswerForm(forms.Form):
    upheld = forms.TypedChoiceField(
        coerce=is_yes,
        label=_("Decision"),
        choices=[
            ("no", pgettext_lazy("objection", "Dismiss")),
            ("yes", pgettext_lazy("objection", "Uphold: the notice is suspended")),
        ],
    )
    reply = forms.CharField(
        label=_("Answer"), max_length=5_000, widget=LONG, help_text=_("It goes to the one who objected.")
    )
