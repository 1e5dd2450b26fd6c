"""Who may do what with imports, over HTTP; and that nothing of them shows elsewhere."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from qunxing.accounts.models import Kind
from qunxing.intake import actions
from qunxing.intake.catalogue import known_list
from qunxing.intake.models import Batch, Proposal, StaffRow
from qunxing.intake.rules import Permission
from tests import factories as people
from tests.intake.made import DAY, OWNER, algorithm, algorithms, filed, sheet, take_in

pytestmark = pytest.mark.django_db
ROLES = {
    "anonymous": lambda _firm: None,
    "visitor": lambda _firm: people.user(Kind.VISITOR),
    "viewer": lambda firm: people.member_of(firm, "viewer"),
    "editor": lambda firm: people.member_of(firm, "editor"),
    "owner": lambda firm: people.member_of(firm, "owner"),
    "manager": lambda firm: people.member_of(firm, "owner", Kind.MANAGER),
    "stranger": lambda _firm: people.member_of(people.organization(), "owner"),
    "expert": lambda _firm: people.user(Kind.EXPERT),
    "officer": lambda _firm: people.user(Kind.OFFICER),
    "staff": lambda _firm: people.user(Kind.STAFF),
}
OVERSIGHT, STAFF = {"officer", "staff"}, {"staff"}
SECRET = "密不外传的单元格"


def unsaved(content: bytes, state: str, owner: Any) -> Batch:
    batch = actions.new_batch(
        actor=owner,
        wanted=known_list("genai-filings"),
        name="list.csv",
        content=ContentFile(content, "list.csv"),
        title="新名单",
        publisher="",
        day=DAY,
    )
    Batch.objects.filter(pk=batch.pk).update(state=state)
    batch.refresh_from_db()
    return batch


@pytest.fixture
def ground(tmp_path) -> SimpleNamespace:
    """A firm with an applied list that leaves a row and a proposal, and uploads in other states."""
    firm, clerk = people.organization(name=OWNER), people.user(Kind.STAFF)
    remark = f"主体名称由“{OWNER}”变更为“上海乙智能科技有限公司”"
    rows = [algorithm(1, remark=remark), [SECRET, "", OWNER, "", "", "不成编号", ""]]
    applied, _plan = take_in(tmp_path, algorithms(*rows), code="algorithm-filings", actor=clerk)
    return SimpleNamespace(
        firm=firm,
        applied=applied,
        previewed=unsaved(sheet(filed(2)), Batch.State.PREVIEWED, clerk),
        uploaded=unsaved(sheet(filed(3)), Batch.State.UPLOADED, clerk),
        row=StaffRow.objects.get(),
        proposal=Proposal.objects.get(),
    )


Act = Callable[[Any, SimpleNamespace], Any]


def get(page: str, ref: str = "", **query: str) -> Act:
    def act(client: Any, ground: SimpleNamespace) -> Any:
        return client.get(reverse(f"intake:{page}", args=[getattr(ground, ref).ref] if ref else []), query)

    return act


def post(page: str, ref: str = "", **values: str) -> Act:
    def act(client: Any, ground: SimpleNamespace) -> Any:
        data = dict(values)
        if page == "import-create":
            data |= {"list_code": "genai-filings", "day": "2025-06-01"}
            data["file"] = SimpleUploadedFile("list.csv", sheet(filed(9)))
        return client.post(reverse(f"intake:{page}", args=[getattr(ground, ref).ref] if ref else []), data)

    return act


# What is tried, the answer for who may, and who may.
PAGES: dict[str, tuple[Act, int, set[str]]] = {
    "list": (get("import-list"), 200, OVERSIGHT),
    "list as file": (get("import-list", format="csv"), 200, OVERSIGHT),
    "applied": (get("import-detail", "applied"), 200, OVERSIGHT),
    "previewed": (get("import-detail", "previewed"), 200, OVERSIGHT),
    "file": (get("import-file", "applied"), 200, OVERSIGHT),
    "rows": (get("staff-rows"), 200, OVERSIGHT),
    "rows as file": (get("staff-rows", format="xlsx"), 200, OVERSIGHT),
    "row": (get("staff-row", "row"), 200, OVERSIGHT),
    "proposals": (get("proposals"), 200, OVERSIGHT),
    "proposal": (get("proposal", "proposal"), 200, OVERSIGHT),
    "upload form": (get("import-create"), 200, STAFF),
    "upload": (post("import-create"), 302, STAFF),
    "read": (post("import-read", "uploaded"), 302, STAFF),
    "apply": (post("import-apply", "previewed"), 302, STAFF),
    "give up": (post("import-drop", "previewed"), 302, STAFF),
    "settle": (post("staff-row-settle", "row", state="done"), 302, STAFF),
    "leave out": (post("staff-row-settle", "row", state="dismissed"), 302, STAFF),
    "accept": (post("proposal-accept", "proposal"), 302, STAFF),
    "dismiss": (post("proposal-dismiss", "proposal"), 302, STAFF),
}


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", ROLES)
def test_page_answers_whom_it_may(client, ground, role, page):
    user = ROLES[role](ground.firm)
    if user is not None:
        client.force_login(user)
    act, expected, allowed = PAGES[page]
    answer = act(client, ground)
    answer.close()
    assert answer.status_code == (expected if role in allowed else 403)


@pytest.mark.parametrize("page", [page for page, case in PAGES.items() if case[1] == 302])
def test_step_refused_changes_nothing(client, ground, page):
    client.force_login(people.user(Kind.OFFICER))
    before = list(Batch.objects.values_list("pk", "state")), StaffRow.objects.get().state, Proposal.objects.get().state
    PAGES[page][0](client, ground)
    after = list(Batch.objects.values_list("pk", "state")), StaffRow.objects.get().state, Proposal.objects.get().state
    assert before == after


@pytest.mark.parametrize(
    "name", ["import-read", "import-apply", "import-drop", "staff-row-settle", "proposal-accept", "proposal-dismiss"]
)
def test_step_is_never_taken_by_looking(client, ground, name):
    client.force_login(people.user(Kind.STAFF))
    assert client.get(reverse(f"intake:{name}", args=["x"])).status_code == 405


@pytest.mark.parametrize("page", [page for page, case in PAGES.items() if case[1] == 302])
def test_step_needs_a_form_of_ours(ground, page):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(people.user(Kind.STAFF))
    assert PAGES[page][0](client, ground).status_code == 403


@pytest.mark.parametrize("path", ["imports/{}/", "imports/rows/{}/", "imports/proposals/{}/", "imports/{}/file/"])
def test_unknown_reference_is_not_found(client, path):
    client.force_login(people.user(Kind.STAFF))
    assert client.get("/" + path.format("nosuchref234")).status_code == 404


@pytest.mark.parametrize("role", ROLES)
def test_row_for_staff_shows_to_nobody_else(client, ground, role):
    user = ROLES[role](ground.firm)
    if user is not None:
        client.force_login(user)
    names = [
        "portal:home",
        "portal:search",
        "directory:organization-list",
        "registry:filing-list",
        "ledger:source-list",
    ]
    pages = [client.get(reverse(name), {"q": SECRET[:3]} if "search" in name else {}) for name in names]
    pages += [client.get(url) for url in (ground.firm.get_absolute_url(), ground.applied.source.get_absolute_url())]
    assert [page.status_code for page in pages] == [200] * 7
    assert [SECRET in page.content.decode() for page in pages] == [False] * 7


def test_permissions_are_those_of_the_matrix():
    users = {role: make(people.organization()) for role, make in ROLES.items() if role != "anonymous"}
    found = {
        permission: {role for role, user in users.items() if user.has_perm(permission)} for permission in Permission
    }
    staff_only = dict.fromkeys((Permission.IMPORT, Permission.SETTLE, Permission.EDIT_PAPER), STAFF)
    assert found == {Permission.SEE: OVERSIGHT, **staff_only}
