"""The panels below the facts of an organisation: one table for each kind of part."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from qunxing.core.errors import Text
from qunxing.core.formats import show_isoday
from qunxing.core.masking import STARS, mask_email, mask_name, mask_phone
from qunxing.directory.models import Contact, Membership, Organization
from qunxing.directory.queries import Parts
from qunxing.directory.rules import Permission


@dataclass(frozen=True)
class PanelRow:
    ref: str
    cells: list[Text]
    url: str = ""
    demo: bool = False


@dataclass(frozen=True)
class Panel:
    """`code` is the part's name in addresses; `may_change` decides on the buttons; an empty one is shown to those only.

    `show_url` is where masked values may be shown in full.
    """

    code: str
    title: Text
    icon: str
    headings: Sequence[Text]
    rows: list[PanelRow]
    may_change: bool
    add_url: str
    show_url: str = ""

    @property
    def shown(self) -> bool:
        return bool(self.rows) or self.may_change


def part_panels(parts: Parts, organization: Organization, *, user: Any, unmasked: bool = False) -> list[Panel]:
    """The panels the reader may see, in the page's order; `unmasked` shows personal data, once, to who asked for it."""
    panels = [
        names_panel(parts, organization, user),
        residencies_panel(parts, organization, user),
        products_panel(parts, organization, user),
        capabilities_panel(parts, organization, user),
        links_panel(parts, organization, user),
        contacts_panel(parts, organization, user, unmasked=unmasked),
        members_panel(organization, user),
    ]
    return [panel for panel in panels if panel.shown]


def panel(
    code: str, title: Text, icon: str, headings: Sequence[Text], rows: list[PanelRow], organization: Organization,
    user: Any, permission: Permission,
) -> Panel:  # fmt: skip
    url = reverse("directory:part-create", args=[organization.ref, code])
    return Panel(code, title, icon, headings, rows, user.has_perm(permission, organization), url)


def names_panel(parts: Parts, organization: Organization, user: Any) -> Panel:
    headings = [_("Name"), _("Kind"), _("From"), _("Until")]
    rows = [
        PanelRow(row.ref, [row.text, row.get_kind_display(), show_isoday(row.from_day), show_isoday(row.to_day)])
        for row in parts.names
    ]
    return panel("names", _("Names"), "tag", headings, rows, organization, user, Permission.RENAME)


def residencies_panel(parts: Parts, organization: Organization, user: Any) -> Panel:
    headings = [_("Where"), _("Tier"), _("Stage"), _("Entered on"), _("Left on"), _("Rooms")]
    rows = [
        PanelRow(
            row.ref,
            [
                f"{row.scope.community} · {row.scope}",
                row.get_tier_display(),
                row.get_stage_display(),
                show_isoday(row.entered_on),
                show_isoday(row.left_on),
                row.space,
            ],
        )
        for row in parts.residencies
    ]
    permission = Permission.CHANGE_RESIDENCY
    return panel("residencies", _("Residency"), "map-pin", headings, rows, organization, user, permission)


def products_panel(parts: Parts, organization: Organization, user: Any) -> Panel:
    headings = [_("Name"), _("Category"), _("On show from"), _("Description")]
    rows = [
        PanelRow(row.ref, [row.name, row.category, show_isoday(row.shown_from), row.description], row.website, row.demo)
        for row in parts.products
    ]
    permission = Permission.CHANGE_PRODUCT
    return panel("products", _("Products"), "building-store", headings, rows, organization, user, permission)


def capabilities_panel(parts: Parts, organization: Organization, user: Any) -> Panel:
    headings = [_("Kind"), pgettext("capability", "What exactly"), _("Issued by"), _("Valid from"), _("Valid until")]
    rows = [
        PanelRow(
            row.ref,
            [
                row.get_kind_display() if row.held else _("not: %(what)s") % {"what": row.get_kind_display()},
                " ".join(str(part) for part in (row.amount, row.name, row.number) if part),
                row.issued_by,
                show_isoday(row.valid_from),
                show_isoday(row.valid_until),
            ],
            demo=row.demo,
        )
        for row in parts.capabilities
    ]
    permission = Permission.CHANGE_CAPABILITY
    return panel("capabilities", _("Capabilities"), "certificate", headings, rows, organization, user, permission)


def links_panel(parts: Parts, organization: Organization, user: Any) -> Panel:
    headings = [pgettext("link", "From"), _("Kind"), pgettext("link", "To"), _("Share (%)"), _("Note")]
    rows = [
        PanelRow(
            row.ref,
            [
                row.from_organization.name,
                row.get_kind_display(),
                row.to_organization.name,
                "" if row.share is None else f"{row.share.normalize():f}",
                row.note,
            ],
            row.other_end(organization).get_absolute_url(),
        )
        for row in parts.links
    ]
    return panel("links", _("Links"), "link", headings, rows, organization, user, Permission.CHANGE_LINK)


def contacts_panel(parts: Parts, organization: Organization, user: Any, *, unmasked: bool) -> Panel:
    headings = [pgettext("person", "Name"), _("Position"), _("Phone"), _("E-mail"), _("WeChat")]
    cells = contact_cells if unmasked else masked_cells
    rows = [PanelRow(row.ref, cells(row)) for row in parts.contacts]
    permission = Permission.CHANGE_CONTACT
    made = panel("contacts", _("Contacts"), "phone", headings, rows, organization, user, permission)
    may_show = bool(rows) and not unmasked and user.has_perm(Permission.SEE_CONTACT, organization)
    return replace(made, show_url=reverse("directory:contacts-show", args=[organization.ref]) if may_show else "")


def contact_cells(contact: Contact) -> list[Text]:
    return [contact.name, contact.title, contact.phone, contact.email, contact.wechat]


def masked_cells(contact: Contact) -> list[Text]:
    phone, email = mask_phone(contact.phone), mask_email(contact.email)
    return [mask_name(contact.name), contact.title, phone, email, STARS if contact.wechat else ""]


def members_panel(organization: Organization, user: Any) -> Panel:
    permission = Permission.MANAGE_MEMBERS
    rows = []
    if user.has_perm(permission, organization):
        members = Membership.objects.filter(organization=organization).select_related("user")
        rows = [PanelRow(row.ref, [str(row.user), row.user.username, row.get_role_display()]) for row in members]
    headings = [pgettext("person", "Name"), _("User name"), _("Role")]
    return panel("members", _("Members"), "users", headings, rows, organization, user, permission)
