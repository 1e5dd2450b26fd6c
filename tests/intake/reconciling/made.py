"""Firms in residence and the groups of made-up lists."""

from typing import Any

from django.core.files.base import ContentFile

from qunxing.directory.models import Community, Organization, Residency, Scope
from qunxing.intake import actions
from qunxing.intake.catalogue import known_list
from qunxing.intake.models import Batch
from qunxing.intake.reconciling.grouping import group_plan
from qunxing.intake.reconciling.telling import groups_json
from qunxing.ledger.actions import create
from tests import factories as people
from tests.intake.made import DAY, LATER

OTHER = "上海乙信息技术有限公司"


def live_in(firm: Organization, *, where: str = "space", division="310104", address="", **values: Any) -> Residency:
    """A stay of the firm in the one community of the test."""
    community = Community.objects.first() or people.community(division=division, address=address)
    scope = Scope.objects.filter(community=community, code=where).first() or people.scope(community, where)
    return create(Residency(organization=firm, scope=scope, **values), actor=None)


def grouped_of(tmp_path, content: bytes, *, code="genai-filings", day=DAY, name="list.csv") -> dict[str, Any]:
    path = tmp_path / name
    path.write_bytes(content)
    prepared = actions.prepare_file(path, name, known_list(code), day=day)
    return groups_json(group_plan(prepared.found, prepared.plan, series=code, digest=prepared.digest))


def previewed(content: bytes, *, actor: Any, code="genai-filings", day=LATER) -> Batch:
    """The list uploaded and looked at; its file goes where the settings say."""
    batch = actions.new_batch(
        actor=actor,
        wanted=known_list(code),
        name="list.csv",
        content=ContentFile(content, "list.csv"),
        title="七月名单",
        publisher="网信办",
        day=day,
    )
    actions.keep_preview(batch, actions.prepare_batch(batch))
    return batch
