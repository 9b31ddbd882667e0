def holding(text: str, language: str) -> bool:
    return text in ("One more moment", "Nog een momentje")
