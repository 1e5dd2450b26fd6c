"""The words behind codes, in both languages, so that a match does not hang on the language of whoever computes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import override

from qunxing.directory.models import Task, TechnicalField
from qunxing.matching.engine import Synonyms

LANGUAGES = ("zh-hans", "en")


@dataclass(frozen=True)
class Vocabulary:
    """{code: its names}, of technical fields and of tasks."""

    fields: Mapping[str, tuple[str, ...]]
    tasks: Mapping[str, tuple[str, ...]]

    @classmethod
    def read(cls) -> "Vocabulary":
        """One query."""
        fields = {row.code: names_of(row) for row in TechnicalField.objects.all()}
        return cls(fields, task_names())

    def say(self, codes: Iterable[str]) -> str:
        """The codes in words, a sentence each; one that nobody knows says nothing."""
        found = (self.fields.get(code) or self.tasks.get(code) or () for code in codes)
        return "。".join(" ".join(names) for names in found if names)

    @property
    def synonyms(self) -> Synonyms:
        """The community's own vocabulary, and the words of the trade that come with the program."""
        groups = (names for names in (*self.fields.values(), *self.tasks.values()) if len(names) > 1)
        return Synonyms.shipped() | Synonyms.of(groups)


def names_of(field: TechnicalField) -> tuple[str, ...]:
    lines = (field.name_zh, field.name_en, *field.synonyms.splitlines())
    return tuple(dict.fromkeys(line.strip() for line in lines if line.strip()))


def task_names() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {task.value: [] for task in Task}
    for language in LANGUAGES:
        with override(language):
            for task in Task:
                found[task.value].append(str(task.label))
    return {code: tuple(dict.fromkeys(names)) for code, names in found.items()}
