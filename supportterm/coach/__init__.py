"""What makes a good conversation, as pure rules: opening hours, and what is to be said by when."""
