"""How much of the day of founding is known says nothing where no day is known."""

from django.db import migrations, models

KINDS = ("Organization", "HistoricalOrganization")
CHOICES = [("day", "to the day"), ("month", "to the month"), ("year", "to the year")]


def say_nothing_of_no_day(apps, _editor):
    """In the records and in their versions, which hold what 0003 has put there."""
    for kind in KINDS:
        apps.get_model("directory", kind).objects.filter(founded_on=None).update(founded_precision="")


def say_day_of_no_day(apps, _editor):
    for kind in KINDS:
        apps.get_model("directory", kind).objects.filter(founded_precision="").update(founded_precision="day")


class Migration(migrations.Migration):
    dependencies = [("directory", "0003_founded_precision")]

    operations = [
        *(
            migrations.AlterField(
                model_name=kind.lower(),
                name="founded_precision",
                field=models.CharField("the founding is known", max_length=5, blank=True, choices=CHOICES),
            )
            for kind in KINDS
        ),
        migrations.RunPython(say_nothing_of_no_day, say_day_of_no_day),
    ]
