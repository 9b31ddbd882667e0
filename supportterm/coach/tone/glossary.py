"""The shop's own plain words: a TOML file with a table of terms for each language.

```toml
[nl]
"backorder" = "nalevering"
"track & trace" = ""        # customers know it: no hint
```
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Final

from supportterm.coach.phrases import plain

#: By language: a term as it is written, and the plain words for it; "": the term is fine.
Glossary = Mapping[str, Mapping[str, str]]

_LONGEST: Final = 120


def glossary_of(text: str | bytes, file: str) -> tuple[Glossary, list[str]]:
    """What a glossary file says, and a sentence for each thing in it that cannot be used.

    The tables may stand under ``[glossary]``, too, as ``[glossary.nl]``.
    """
    problems: list[str] = []
    try:
        table = tomllib.loads(text.decode("utf-8") if isinstance(text, bytes) else text)
    except UnicodeDecodeError:
        return {}, [f"{file}: this is not UTF-8 text: save it as UTF-8."]
    except tomllib.TOMLDecodeError as error:
        return {}, [f"{file}: this is not valid TOML: {error}."]
    if isinstance(table.get("glossary"), dict):
        table = {**table.pop("glossary"), **table}
    found: dict[str, dict[str, str]] = {}
    for language, terms in table.items():
        if not isinstance(terms, dict):
            problems.append(f"{file}: `{language}` stands in no language: write it under one such as [nl].")
            continue
        mine = found[language] = {}
        for term, words in terms.items():
            where = f"{file}: [{language}] “{term}”"
            if not isinstance(words, str):
                problems.append(f"{where}: its plain words must be a text.")
            elif not plain(term):
                problems.append(f"{where} has no word to look for.")
            elif len(term) > _LONGEST or len(words) > _LONGEST:
                problems.append(f"{where} is longer than {_LONGEST} characters.")
            elif "\n" in words:
                problems.append(f"{where}: its plain words must be one line.")
            else:
                mine[term] = words
    return found, problems
