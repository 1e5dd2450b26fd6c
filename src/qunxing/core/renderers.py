"""Forms in the house's look."""

from django.forms.renderers import TemplatesSetting


class UIRenderer(TemplatesSetting):
    """Form and field templates from `core/templates/forms/`."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
