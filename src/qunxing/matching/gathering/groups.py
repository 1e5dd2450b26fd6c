"""Corporate groups: organisations that hold each other, or were each other, are one."""

from qunxing.matching.engine.conditions import Web


def groups_of(web: Web) -> dict[str, str]:
    """{organisation: its group} of those that hang together with others; a group is called by its first reference."""
    above: dict[str, str] = {}

    def head(key: str) -> str:
        while above.get(key, key) != key:
            key = above[key]
        return key

    for lower, ties in web.above.items():
        for tie in ties:
            one, other = sorted((head(lower), head(tie.upper)))
            above[one], above[other] = one, one
    return {key: head(key) for key in above}
