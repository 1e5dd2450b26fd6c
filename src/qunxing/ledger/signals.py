"""The log listens: to every version of every record, and to what happens to accounts."""

from typing import Any

from allauth.mfa import signals as mfa
from django.contrib.auth import signals as auth
from django.db.models.signals import post_save
from django.dispatch import Signal, receiver
from simple_history.signals import post_create_historical_record, pre_create_historical_record

from qunxing.accounts.actions import account_changed
from qunxing.accounts.models import User
from qunxing.ledger.models import Record
from qunxing.ledger.recording import Entry, current, note, recording
from qunxing.ledger.versions import HISTORY_KINDS, version_digest

# Sent by bulk writes, which raise none of Django's own signals: `records`, and the `fields` that were changed.
changed_in_bulk = Signal()


@receiver(pre_create_historical_record)
def take_words_of_frame(instance: Any, history_instance: Any, **_more: Any) -> None:
    """Who, why, when and on what source: from the open frame."""
    frame = current()
    if not isinstance(instance, Record):
        return
    if frame is None:
        history_instance.history_change_reason = ""
        return
    history_instance.history_user = frame.actor
    history_instance.history_change_reason = frame.reason
    history_instance.history_date = frame.at
    history_instance.source = frame.source


@receiver(post_create_historical_record)
def log_version(instance: Any, history_instance: Any, **_more: Any) -> None:
    if isinstance(instance, Record):
        note(version_entry(instance, history_instance))


def version_entry(record: Record, version: Any) -> Entry:
    """The log entry that attests one version: its number and the digest of its values."""
    facts = {"version": version.history_id, "digest": version_digest(version, type(record))}
    return Entry(HISTORY_KINDS[version.history_type], record.kind_code(), record.ref, facts)


@receiver(post_save, sender=User)
def log_account(instance: User, created: bool, **_more: Any) -> None:
    if not created:
        return
    with recording(actor=instance.made_by):
        note(account_entry("account.created", instance, user_kind=instance.kind))


@receiver(auth.user_logged_in)
def log_sign_in(user: User, **_more: Any) -> None:
    note(account_entry("account.signed_in", user))


@receiver(auth.user_login_failed)
def log_failed_sign_in(**_more: Any) -> None:
    """That it happened, without what was typed: people type passwords into the wrong box."""
    note(Entry("account.sign_in_failed", "accounts.user", "", {}))


SECOND_FACTOR = {
    mfa.authenticator_added: "added",
    mfa.authenticator_removed: "removed",
    mfa.authenticator_reset: "reset",
}


@receiver(list(SECOND_FACTOR))
def log_second_factor(user: User, signal: Any, **_more: Any) -> None:
    note(account_entry(f"account.second_factor_{SECOND_FACTOR[signal]}", user))


@receiver(account_changed)
def log_account_change(user: User, actor: User | None, what: str, **_more: Any) -> None:
    with recording(actor=actor):
        note(account_entry(f"account.{what}", user, user_kind=user.kind, active=str(user.is_active)))


def account_entry(kind: str, user: User, **facts: str) -> Entry:
    return Entry(kind, "accounts.user", user.username, facts)
