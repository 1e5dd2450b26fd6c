"""Template tags of the sign-in pages."""

from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def signup_open() -> bool:
    """Whether anybody may create an account for themselves here."""
    return bool(settings.ACCOUNT_SIGNUP_OPEN)
