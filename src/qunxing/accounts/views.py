"""Accounts: the users (for staff), one's own tokens, saved views of lists."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qunxing.accounts import actions
from qunxing.accounts.forms import SavedViewForm, TokenForm, UserForm
from qunxing.accounts.models import ApiToken, SavedView, User
from qunxing.accounts.rules import Permission


def require_manager(request: HttpRequest) -> None:
    if not request.user.has_perm(Permission.MANAGE_USERS):
        raise PermissionDenied


@require_safe
def user_list(request: HttpRequest) -> HttpResponse:
    require_manager(request)
    words = request.GET.get("q", "").replace("\x00", "").strip()
    users = User.objects.order_by("username")
    if words:
        users = users.filter(Q(username__icontains=words) | Q(name__icontains=words) | Q(email__icontains=words))
    page = Paginator(users, 50).get_page(request.GET.get("page"))
    return render(request, "accounts/users.html", {"page": page, "words": words})


def user_of(request: HttpRequest) -> User:
    """Who is signed in; for views that only let such people in."""
    return cast(User, request.user)


def user_create(request: HttpRequest) -> HttpResponse:
    require_manager(request)
    form = UserForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = actions.create_user(actor=user_of(request), **form.cleaned_data)
        messages.success(request, _("Account %(user)s is made.") % {"user": user.username})
        return redirect("accounts:user-list")
    context = {"form": form, "title": _("New account")}
    return render(request, "accounts/user_form.html", context, status=422 if form.is_bound else 200)


def user_edit(request: HttpRequest, username: str) -> HttpResponse:
    require_manager(request)
    user = get_object_or_404(User, username=username)
    form = UserForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        actions.change_user(user, actor=request.user, values=form.cleaned_data)
        messages.success(request, _("Account %(user)s is saved.") % {"user": user.username})
        return redirect("accounts:user-list")
    context = {"form": form, "title": _("Edit account")}
    return render(request, "accounts/user_form.html", context, status=422 if form.is_bound else 200)


@login_required
def token_list(request: HttpRequest) -> HttpResponse:
    """One's tokens; a new one is shown this once, on the page that answers the form."""
    form = TokenForm(request.POST or None)
    token = ""
    if request.method == "POST" and form.is_valid():
        token = actions.issue_token(actor=user_of(request), **form.cleaned_data)
        form = TokenForm()
    tokens = ApiToken.objects.filter(user=user_of(request))
    status = 422 if form.is_bound else 200
    return render(request, "accounts/tokens.html", {"form": form, "tokens": tokens, "token": token}, status=status)


@login_required
@require_POST
def token_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    actions.revoke_token(get_object_or_404(ApiToken, pk=pk, user=request.user), actor=request.user)
    messages.success(request, _("The token is revoked."))
    return redirect("accounts:token-list")


@login_required
@require_POST
def view_save(request: HttpRequest) -> HttpResponse:
    """Keep a list's present filters under a name and go back to the list."""
    form = SavedViewForm(request.POST)
    back = safe_return(request)
    if not form.is_valid():
        messages.error(request, _("Give the view a name of at most 60 characters."))
        return redirect(back)
    values = dict(form.cleaned_data)
    values["shared"] = values["shared"] and request.user.has_perm(Permission.SHARE_VIEW)
    actions.save_view(actor=user_of(request), **values)
    messages.success(request, _("The view is saved."))
    return redirect(back)


@login_required
@require_POST
def view_delete(request: HttpRequest, pk: int) -> HttpResponse:
    get_object_or_404(SavedView, pk=pk, user=request.user).delete()
    return redirect(safe_return(request))


def safe_return(request: HttpRequest) -> str:
    """The page to go back to, when it is one of ours."""
    wished = request.POST.get("next", "")
    allowed = url_has_allowed_host_and_scheme(wished, {request.get_host()}, require_https=request.is_secure())
    return wished if allowed else "/"
