"""Accounts from the command line: the first clerk of a new installation, and a forgotten password."""

from typing import Annotated

import typer
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from qunxing.accounts.actions import create_user, set_password
from qunxing.accounts.models import Kind, User
from qunxing.cli.output import say, say_json
from qunxing.cli.system import need_ready
from qunxing.core.errors import Refused

app = typer.Typer(no_args_is_help=True, help=_("Accounts."))
Password = Annotated[
    str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True, help=_("Asked for if not given."))
]


@app.command("add", help=_("Make an account."))
def add(
    username: str,
    kind: Annotated[Kind, typer.Option(help=_("Kind of user."))] = Kind.STAFF,
    password: Password = "",
    email: str = "",
    name: str = "",
) -> None:
    need_ready()
    checked(password)
    user = create_user(username=username, kind=kind, password=password, email=email, name=name, actor=None)
    say(_("Account %(user)s is made (%(kind)s).") % {"user": user.username, "kind": user.get_kind_display()})


@app.command("password", help=_("Set a new password."))
def password(username: str, password: Password = "") -> None:
    need_ready()
    user = User.objects.filter(username=username).first()
    if user is None:
        raise Refused(_("There is no account %(user)s.") % {"user": username})
    checked(password, user)
    set_password(user, password=password, actor=None)
    say(_("The password of %(user)s is changed.") % {"user": username})


@app.command("list", help=_("List the accounts."))
def list_users(json: Annotated[bool, typer.Option("--json", help=_("As JSON."))] = False) -> None:
    need_ready()
    rows = [
        {"username": user.username, "kind": user.kind, "active": user.is_active}
        for user in User.objects.order_by("username")
    ]
    if json:
        say_json(rows)
        return
    for row in rows:
        say(f"{row['username']}  {row['kind']}{'' if row['active'] else '  ' + _('closed')}")


def checked(password: str, user: User | None = None) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
