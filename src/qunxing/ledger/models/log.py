"""The append-only log: entries, the head that serialises writers, and signed checkpoints."""

from django.db import models


class LogEntry(models.Model):
    """One entry. `body` is the canonical text that was hashed; the other columns only help to find it."""

    index = models.BigIntegerField(primary_key=True)
    body = models.TextField()
    leaf = models.BinaryField(max_length=32)
    at = models.DateTimeField()
    kind = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=60, blank=True)
    subject_ref = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ["index"]
        indexes = [models.Index(fields=["subject_kind", "subject_ref", "index"], name="log_of_a_subject")]

    def __str__(self) -> str:
        return f"{self.index} {self.kind}"

    @property
    def leaf_hex(self) -> str:
        return bytes(self.leaf).hex()


class LogHead(models.Model):
    """The only row (pk 1) that says how far the log goes; taken with a lock by whoever appends."""

    size = models.BigIntegerField(default=0)
    frontier = models.BinaryField(default=bytes)
    last_leaf = models.BinaryField(default=bytes)

    def __str__(self) -> str:
        return str(self.size)


class Checkpoint(models.Model):
    """A signed statement of the tree's size and root, one for each transaction that appended."""

    size = models.BigIntegerField(primary_key=True)
    note = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["size"]

    def __str__(self) -> str:
        return str(self.size)
