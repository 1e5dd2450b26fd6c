"""Words of races in templates."""

from django import template

from qunxing.races.words import undefined_text

register = template.Library()
register.filter("why_no_score", undefined_text)
