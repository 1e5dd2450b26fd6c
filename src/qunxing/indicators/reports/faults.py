"""What is wrong in a template, in words that name the line and what was expected."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qunxing.core.errors import Text
from qunxing.indicators.reports.body import Fault

WORDS: Mapping[str, Text] = {
    "too_long": gettext_lazy("The text has %(found)s characters; %(expected)s is the most."),
    "no_section": gettext_lazy("There is no section. Begin with a heading: %(expected)s"),
    "no_heading": gettext_lazy("A heading needs words: %(expected)s"),
    "before_section": gettext_lazy("“%(found)s” stands before the first heading. Begin with %(expected)s"),
    "open_brace": gettext_lazy("A brace is not closed in “%(found)s”. A placeholder is written %(expected)s"),
    "reference": gettext_lazy("“%(found)s” names no figure. Write it like %(expected)s"),
    "form": gettext_lazy("A figure cannot be told as “%(found)s”. Possible: %(expected)s"),
    "form_here": gettext_lazy("“%(found)s”: here the figure alone is named, %(expected)s"),
    "command": gettext_lazy("“%(found)s” is no block. Possible: %(expected)s"),
    "no_figure": gettext_lazy("A figure is missing here, such as %(expected)s"),
    "one_figure": gettext_lazy("Only one figure can stand here: %(expected)s"),
    "months": gettext_lazy("A trend runs over %(expected)s months."),
    "breakdown": gettext_lazy("“%(found)s” is no breakdown. Write it like %(expected)s"),
    "indicator": gettext_lazy("There is no indicator “%(found)s”. Some there are: %(expected)s"),
    "circular": gettext_lazy("The indicator “%(found)s” is made of itself and cannot be told."),
    "scope": gettext_lazy("There is no scope “%(found)s”. There are: %(expected)s"),
    "dimension": gettext_lazy("This figure is not broken down by “%(found)s”. Possible: %(expected)s"),
}


def fault_text(fault: Fault) -> str:
    """Line 4: what is wrong, and what was expected."""
    words = str(WORDS[fault.code]) % {"found": fault.found, "expected": fault.expected or "—"}
    return _("Line %(line)s: %(words)s") % {"line": fault.line, "words": words} if fault.line else words
