"""Words of the desk in templates."""

from django import template

from qunxing.portal.desk.reminding import due_words

register = template.Library()
register.filter("pressing", due_words)
