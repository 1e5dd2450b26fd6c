"""The tables of the database: made from the models where there are none, otherwise brought forward by migrations."""

from django.apps import apps
from django.core.management import call_command
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Model


def bring_up() -> None:
    """The present shape; nothing to do where it is there."""
    if connection.introspection.table_names():
        call_command("migrate", verbosity=0, interactive=False)
    else:
        make_tables()


def make_tables() -> None:
    """All tables at once, and every migration noted as done: seconds, where going through them takes a minute.

    What migrations do beyond the shape of tables would be missing: none of ours does. A test holds both ways to the
    same tables.
    """
    done = MigrationRecorder(connection).Migration
    nodes = sorted(MigrationLoader(connection).graph.nodes)
    with connection.schema_editor() as editor:
        models: list[type[Model]] = [*apps.get_models(), done]
        for model in models:
            if model._meta.managed and not model._meta.proxy:
                editor.create_model(model)
        done.objects.bulk_create([done(app=app, name=name) for app, name in nodes])
    emit_post_migrate_signal(verbosity=0, interactive=False, db=connection.alias)
