"""What stands behind the # of a database URL: one table, or one query that only reads.

- It is a query where it begins with SELECT or WITH; any other text is a table.
- A table is NAME or SCHEMA.NAME (DuckDB also DATABASE.SCHEMA.NAME), letter by letter as the database stores it; a
  part that holds a dot, a space or a quote, or that is called "select", stands in double quotes, a quote doubled.
- Nothing is decoded: % and + are themselves, so that a query can be pasted as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from dawnwatch.errors import DataError

__all__ = ["Target", "parse_target", "quoted"]

QUERY = re.compile(r"\s*(--[^\n]*\n\s*|/\*.*?\*/\s*)*(select|with)\b", re.IGNORECASE | re.DOTALL)
PART = r'(?:"(?:[^"]|"")+"|[^\s".;]+)'
TABLE = re.compile(rf"\s*{PART}(?:\.{PART}){{0,2}}\s*")
TOKEN = re.compile(
    r"""'(?:[^']|'')*' | "(?:[^"]|"")*" | --[^\n]* | /\*.*?\*/ | \$(\w*)\$.*?\$\1\$ | ; | .""",
    re.DOTALL | re.VERBOSE,
)
"""Just enough of SQL to tell a semicolon that ends a statement from one in a string or a comment."""


@dataclass(frozen=True)
class Target:
    """What is read of a database.

    Attributes
    ----------
    parts : the table's name, with its schema if that was written; empty for a query
    relation : what stands behind FROM
    """

    parts: tuple[str, ...]
    relation: str


def quoted(name: str) -> str:
    """Return an identifier in quotes, so that it is taken letter by letter.

    >>> quoted('a"b')
    '"a""b"'
    """
    return '"' + name.replace('"', '""') + '"'


def parse_target(written: str, *, shown: str) -> Target:
    r"""Tell a table from a query, and refuse more than one statement.

    Raises
    ------
    DataError
        Where it is neither.

    >>> parse_target('public."my table"', shown="log").relation
    '"public"."my table"'
    >>> parse_target("SELECT ';' AS a FROM t;", shown="log").relation
    "(SELECT ';' AS a FROM t\n) AS dawnwatch_rows"
    """
    if QUERY.match(written):
        return Target((), f"({_one_statement(written, shown)}\n) AS dawnwatch_rows")
    if not TABLE.fullmatch(written):
        raise DataError(
            f"{shown}: neither a table nor a query; write TABLE or SCHEMA.TABLE, each in double quotes where it "
            "holds spaces or dots, or a query that begins with SELECT or WITH"
        )
    parts = tuple(part[1:-1].replace('""', '"') if part.startswith('"') else part for part in re.findall(PART, written))
    return Target(parts, ".".join(quoted(part) for part in parts))


def _one_statement(query: str, shown: str) -> str:
    for found in TOKEN.finditer(query):
        if found[0] == ";":
            rest = re.sub(r"--[^\n]*|/\*.*?\*/|[;\s]", "", query[found.end() :], flags=re.DOTALL)
            if rest:
                raise DataError(f"{shown}: two statements, of which only one can be read; leave one SELECT")
            return query[: found.start()]
    return query
