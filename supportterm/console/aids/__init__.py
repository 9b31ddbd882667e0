"""The one line at the composer that says what the next key does, or what is missing. Pure: no Textual."""
