"""What a password must be, beyond what Django asks."""

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import gettext as _


class LongEnough(MinimumLengthValidator):
    """Django's own rule, in words that are translated: its message has another text than its catalog."""

    def get_error_message(self) -> str:
        return _("This password is too short: at least %(count)s characters are needed.") % {"count": self.min_length}
