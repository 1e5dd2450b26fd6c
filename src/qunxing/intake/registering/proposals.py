"""What a list suggests about names and leaves to a person: renames, shared numbers and keys, names nearly alike."""

from collections import defaultdict
from collections.abc import Iterator

from qunxing.directory.models import Organization
from qunxing.intake.models import Proposal, place_text
from qunxing.intake.official import OfficialList, PartKind
from qunxing.intake.registering.known import Known
from qunxing.intake.registering.likeness import near_pairs
from qunxing.intake.registering.plan import Plan, Suggestion

LENGTH = 200


def suggest(found: OfficialList, known: Known, plan: Plan, own: list[Suggestion]) -> list[Suggestion]:
    """Each pair of names once, by the strongest sign for it; none that was proposed before or is known already."""
    suggestions: dict[frozenset[str], Suggestion] = {}
    made = [one.record for one in plan.organizations]
    for one in [*renames(found), *own, *same_keys(known, made), *near_names(made)]:
        pair = frozenset((one.old_key, one.new_key))
        if len(pair) == 2 and pair not in known.proposed and not is_known(one, known):
            suggestions.setdefault(pair, one)
    return list(suggestions.values())


def is_known(one: Suggestion, known: Known) -> bool:
    """Whether both names are those of one organisation already."""
    return any(known.is_one(old, new) for old in known.under(one.old) for new in known.under(one.new))


def renames(found: OfficialList) -> Iterator[Suggestion]:
    """Renames of organisations that a remark tells, row by row."""
    for row in found.rows:
        for part in row.remark_parts:
            if part.kind is PartKind.ORGANIZATION_RENAMED and part.old and part.new:
                place = place_text(row.place.sheet, row.place.row)
                yield Suggestion(Proposal.Kind.RENAMED, part.old[:LENGTH], part.new[:LENGTH], place, part.text)


def same_keys(known: Known, made: list[Organization]) -> Iterator[Suggestion]:
    """New organisations whose entity key another one has, in the ledger or on the list."""
    holders: dict[str, list[Organization]] = defaultdict(list)
    for key, organizations in known.by_entity_key.items():
        holders[key] += organizations
    for organization in made:
        key = organization.entity_key
        if key:
            yield from (
                Suggestion(Proposal.Kind.SAME_KEY, one.name, organization.name, words=key) for one in holders[key]
            )
            holders[key].append(organization)


def near_names(made: list[Organization]) -> Iterator[Suggestion]:
    """New organisations that are nearly called like another one, kept or on the list."""
    if not made:
        return
    new = {organization.name_key: organization.name for organization in made}
    stored = Organization.objects.order_by("pk").values_list("name_key", "name").iterator(5_000)
    for other, name in near_pairs(new, stored):
        yield Suggestion(Proposal.Kind.NEAR_NAME, other, name)
