"""What settings probably lack though nothing in them is wrong: the notes of ``check``."""

from __future__ import annotations

from urllib.parse import urlsplit

from server.settings import Settings, is_loopback


def hints(settings: Settings) -> list[str]:
    """A sentence for each thing that is allowed and probably not meant."""
    found = [
        f"[shop.{key}] has no `origins`: browsers will be refused until its pages' addresses stand there."
        for key, shop in settings.shops.items()
        if not shop.origins
    ]
    served = {shop.desk for shop in settings.shops.values()}
    found += [f"[desk.{desk}] answers no shop." for desk in settings.desks if desk not in served]
    found += [
        f"[shop.{key}] has `hours` and no `time_zone`: they are those of UTC. Name the shop's own clock,"
        " such as Europe/Amsterdam, or Etc/UTC if that is meant."
        for key, shop in settings.shops.items()
        if (shop.hours is not None or shop.skill_hours) and shop.time_zone == "UTC"
    ]
    server = settings.server
    if server.public_url and not is_loopback(urlsplit(server.public_url).hostname or ""):
        found += [
            f'[shop.{key}] has `origins = ["*"]`, and the world reaches this server: any page can open chats'
            " in its name. Write the addresses of its own pages."
            for key, shop in settings.shops.items()
            if "*" in shop.origins and not settings.desks[shop.desk].practice
        ]
    if not is_loopback(server.host) and not server.tls_cert:
        found.append(
            f"it listens on {server.host} without TLS: consoles refuse plain ws from other machines. Set"
            " `tls_cert` and `tls_key`, or put a reverse proxy in front."
        )
    if not server.public_url and is_loopback(server.host):
        found.append("`public_url` in [server] is empty: snippets and invitations name this machine only.")
    return found
