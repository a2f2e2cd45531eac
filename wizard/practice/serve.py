"""Serves the practice organization: five loopback origins in one process, until told to stop."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
import ssl
import sys
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from types import FrameType

import msgspec
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from wizard.core.clock import SystemClock
from wizard.core.files import private_folder, replace_file
from wizard.practice.account.outbox import OUTBOX
from wizard.practice.account.problems import ProblemForm
from wizard.practice.account.service import AccountForm, AccountService
from wizard.practice.alone import FolderInUseError, alone_in
from wizard.practice.authority import new_authority
from wizard.practice.control import Control
from wizard.practice.control_actions import Actions
from wizard.practice.control_page import ControlPage
from wizard.practice.google.errors import GoogleForm
from wizard.practice.google.service import GoogleService
from wizard.practice.ports import bind
from wizard.practice.profile import Addresses, profile_text
from wizard.practice.routing import Router
from wizard.practice.site import ErrorForm, Site
from wizard.practice.traffic import StandIn, Traffic
from wizard.practice.watch import ParentWatch

__all__ = ["PracticeOptions", "serve"]

WATCH_SECONDS = 0.5
STOP_SECONDS = 3


@dataclass(frozen=True, kw_only=True)
class PracticeOptions:
    """`home` is the practice organization's own folder; `people` and `seed` hold for a new one.

    `ready_file` is written when all origins answer; with `parent_pid` it ends when that process
    does.
    """

    home: Path
    people: int = 480
    seed: int = 7
    activation_seconds: float = 2.0
    ready_file: Path | None = None
    parent_pid: int | None = None


class Connections:
    """Open connections by the client's address, so that a fault can cut one."""

    def __init__(self) -> None:
        self._open: dict[tuple[str, int], asyncio.Transport] = {}
        self._names: dict[int, tuple[str, int]] = {}

    def add(self, transport: asyncio.Transport) -> None:
        """A client has connected."""
        name = self._names[id(transport)] = _peer(transport)
        self._open[name] = transport

    def remove(self, transport: asyncio.Transport) -> None:
        """A connection is gone."""
        # Once it is gone it may no longer know whose it was.
        name = self._names.pop(id(transport), None)
        if name is not None and self._open.get(name) is transport:
            del self._open[name]

    def hang_up(self, client: tuple[str, int], flush: bool) -> None:
        """Close a client's connection; without `flush`, what was not sent yet is lost."""
        transport = self._open.get(client)
        if transport is None:
            return
        if flush:
            transport.close()
        else:
            transport.abort()


def _peer(transport: asyncio.Transport) -> tuple[str, int]:
    host, port = (transport.get_extra_info("peername") or ("", 0))[:2]
    return str(host), int(port)


def _protocol(connections: Connections) -> type[H11Protocol]:
    """The HTTP protocol of uvicorn, with the transports made known."""

    class Protocol(H11Protocol):
        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
            connections.add(transport)
            super().connection_made(transport)

        def connection_lost(self, exc: Exception | None) -> None:
            connections.remove(self.transport)
            super().connection_lost(exc)

    return Protocol


class _Server(uvicorn.Server):
    """A server that leaves signals to `serve`, which stops all of them together."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer, and say so."""
        await super().startup(sockets)
        self.ready.set()

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Nothing is captured."""
        yield


class World:
    """Everything that answers, made from the options and the bound sockets."""

    def __init__(
        self,
        *,
        options: PracticeOptions,
        ports: dict[str, int],
        secret: str,
        stop: Callable[[], None],
        announce: Callable[[str], None],
    ) -> None:
        clock = SystemClock()
        self.addresses = Addresses(ports=ports, secret=secret)
        self.traffic = Traffic()
        self.connections = Connections()
        self.account = AccountService(
            path=options.home / "account.sqlite",
            clock=clock,
            origin=self.addresses.account_api,
            activation=timedelta(seconds=options.activation_seconds),
        )
        self.google = GoogleService(
            path=options.home / "google.sqlite",
            clock=clock,
            people=options.people,
            seed=options.seed,
            announce=announce,
        )
        self.google.marketplace.told = self.account.installs.told
        control = Control(
            secret=secret,
            traffic=self.traffic,
            account=self.account,
            google=self.google,
            stop=stop,
        )
        panel = Router()
        control.add_to(panel)
        outbox = f"{self.addresses.account_pages}{OUTBOX}"
        ControlPage(control, outbox=outbox).add_to(panel)
        self.traffic.press = Actions(control).press
        account, google = AccountForm(), GoogleForm()
        self.sites: dict[str, Site] = {
            "account_api": self._site(
                ports["account_api"], StandIn.ACCOUNT, self.account.api(), account
            ),
            "account_pages": self._site(
                ports["account_pages"], StandIn.ACCOUNT, self.account.pages(), account
            ),
            "google_api": self._site(
                ports["google_api"], StandIn.GOOGLE, self.google.api(), google
            ),
            "google_pages": self._site(
                ports["google_pages"], StandIn.GOOGLE, self.google.pages(), google
            ),
            "control": self._site(ports["control"], StandIn.CONTROL, panel, ProblemForm()),
        }

    def _site(self, port: int, stand_in: StandIn, router: Router, form: ErrorForm) -> Site:
        hosts = frozenset(f"{host}:{port}" for host in ("127.0.0.1", "localhost", "[::1]"))
        return Site(
            stand_in=stand_in,
            router=router,
            form=form,
            traffic=self.traffic,
            hosts=hosts,
            hang_up=self.connections.hang_up,
        )

    def close(self) -> None:
        """End the database connections."""
        self.account.close()
        self.google.close()


def _server(site: Site, world: World, context: ssl.SSLContext | None) -> _Server:
    config = uvicorn.Config(
        site,
        http=_protocol(world.connections),
        ws="none",
        loop="asyncio",
        lifespan="off",
        interface="asgi3",
        access_log=False,
        log_config=None,
        log_level=logging.WARNING,
        server_header=False,
        date_header=False,  # `Site` dates its answers: its clock may be set wrong
        proxy_headers=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=STOP_SECONDS,
        backlog=256,
        ssl_context_factory=None if context is None else lambda *_: context,
    )
    return _Server(config)


async def _watch_parent(pid: int, stop: asyncio.Event) -> None:
    watch = ParentWatch(pid)
    while not stop.is_set():
        if watch.gone():
            stop.set()
            return
        await asyncio.sleep(WATCH_SECONDS)


@contextmanager
def _signals(stop: Callable[[], None]) -> Iterator[None]:
    """Ctrl+C, termination and, on Windows, Ctrl+Break ask to stop; only the main thread may."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    wanted = [signal.SIGINT, signal.SIGTERM]
    if sys.platform == "win32":
        wanted.append(signal.SIGBREAK)

    def asked(_number: int, _frame: FrameType | None) -> None:
        stop()

    before = {number: signal.signal(number, asked) for number in wanted}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


async def _run(
    options: PracticeOptions,
    sockets: dict[str, socket.socket],
    secret: str,
    announce: Callable[[str], None],
) -> int:
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    ports = {origin: int(listener.getsockname()[1]) for origin, listener in sockets.items()}
    world = World(options=options, ports=ports, secret=secret, stop=stop.set, announce=announce)
    authority = new_authority(options.home)
    trust = options.home / "ca.pem"
    replace_file(trust, authority.root_pem)
    servers = [
        (
            _server(
                world.sites[origin], world, authority.context if origin.endswith("_api") else None
            ),
            [listener],
        )
        for origin, listener in sockets.items()
    ]

    def ask() -> None:
        # A signal may come while the loop waits; this wakes it.
        loop.call_soon_threadsafe(stop.set)

    with _signals(ask):
        running = [asyncio.create_task(server.serve(sockets=own)) for server, own in servers]
        await asyncio.gather(*(server.ready.wait() for server, _ in servers))
        _tell(options, world.addresses, trust)
        announce(f"The practice organization is ready. Control page: {world.addresses.control}")
        if options.parent_pid is not None:
            running.append(asyncio.create_task(_watch_parent(options.parent_pid, stop)))
        await stop.wait()
        for server, _ in servers:
            server.should_exit = True
        if options.ready_file is not None:
            options.ready_file.unlink(missing_ok=True)
        await asyncio.gather(*running)
    world.close()
    return 0


def _tell(options: PracticeOptions, addresses: Addresses, trust: Path) -> None:
    """Write the profile, then the ready file that says where it is."""
    profile = options.home / "profile.toml"
    replace_file(profile, profile_text(addresses, trust).encode())
    if options.ready_file is not None:
        content = {"profile": str(profile), "control": addresses.control, "pid": os.getpid()}
        replace_file(options.ready_file, msgspec.json.encode(content))


def serve(options: PracticeOptions, *, announce: Callable[[str], None]) -> int:
    """Serve until a signal, the parent's end, or the control page says stop; the exit code.

    The code is 1 when another process serves from the same folder, else 0.

    `announce` is told in words what a person at the terminal should know. Raises `Trouble`
    (disk-full, folder-not-writable) when the home cannot be used.
    """
    home = private_folder(options.home.absolute())
    options = replace(options, home=home)
    try:
        with alone_in(home):
            return _serve(options, announce)
    except FolderInUseError:
        announce(f"Another practice organization runs from {home}. Stop it, or use another folder.")
        return 1


def _serve(options: PracticeOptions, announce: Callable[[str], None]) -> int:
    if options.ready_file is not None:
        # One from an earlier start would tell that all is ready before it is.
        options.ready_file.unlink(missing_ok=True)
    sockets, kept, moved = bind(options.home / "ports.json")
    if moved:
        announce(
            "Another program uses a port of the practice organization, so it moved: "
            + ", ".join(f"{origin.replace('_', ' ')} to {kept.ports[origin]}" for origin in moved)
            + "."
        )
    try:
        return asyncio.run(_run(options, sockets, kept.control_secret, announce))
    finally:
        for listener in sockets.values():
            listener.close()
