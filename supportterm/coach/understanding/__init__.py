def answer(text: str, language: str) -> str | None:
    t = text.lower().strip(" .!")
    if t in ("yes", "yes exactly", "ja", "klopt"):
        return "yes"
    return "correction" if t.startswith(("no", "ja maar", "ja, maar")) else None
