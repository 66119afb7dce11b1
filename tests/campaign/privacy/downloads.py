"""That the watch sees a connection when there is one: downloads that the user asks for, from a server of our own.

::

    photofind model install http://127.0.0.1:…/pack.zip --sha256 …     is seen
    an address dropped on the window and confirmed                     is seen
    the same, but not confirmed                                        is not, for there is none
"""

from __future__ import annotations

import hashlib
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.campaign.privacy.commands import User, command, make_user
from tests.campaign.privacy.watching import Watch
from tests.campaign.running import Campaign
from tests.support.packs import pack_files, zip_pack
from tests.support.photos import jpeg


def check_downloads(campaign: Campaign) -> None:
    """Download what the user asks for, and report what the watch did not see."""
    watch = Watch(campaign.place, apart=False)
    if not watch.can_log:
        return
    user = make_user(campaign.place / "downloads", quick=True, photos=0)
    pack = zip_pack(user.out / "pack.zip", pack_files("colours"))
    sha256 = hashlib.sha256(pack.read_bytes()).hexdigest()
    with _serving({"/pack.zip": pack.read_bytes(), "/x.jpg": jpeg(1)}) as address:
        install = command("model", "install", f"{address}/pack.zip", "--sha256", sha256)
        _look(campaign, user, watch, "a pack that is downloaded", install, address)
        if not campaign.short:
            dropped = [sys.executable, "-m", "tests.campaign.privacy.window", f"{address}/x.jpg", str(user.library)]
            _look(campaign, user, watch, "a dropped address that is confirmed", [*dropped, "--confirm"], address)
            _look(campaign, user, watch, "a dropped address that is not confirmed", dropped, "")


def _look(campaign: Campaign, user: User, watch: Watch, what: str, program: list[str], address: str) -> None:
    """Run a program and report when the watch did not see exactly the address that it speaks to (nothing: none)."""
    server = address.removeprefix("http://")
    ended = watch.run(program, user.environment())
    campaign.count("downloads watched")
    if ended.status:
        campaign.find(f"{what} ended with status {ended.status}: {ended.said[-400:]}")
    to_server = [call for call in ended.outward if server and server in call]
    if server and not to_server:
        campaign.find(f"{what} was not seen by the watch")
    host = server.partition(":")[0]
    for call in ended.outward:
        if not host or host not in call:
            campaign.find(f"{what} reached out elsewhere: {call}")


@contextmanager
def _serving(contents: dict[str, bytes]) -> Iterator[str]:
    """Serve some contents on this machine; the address is the value."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = contents[self.path]
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
