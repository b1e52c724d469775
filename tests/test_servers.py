"""Under the other servers that may be chosen, pages and programs are served, and told when it ends."""

import asyncio
import importlib.util
import json
import signal
from contextlib import suppress
from typing import Any

import httpx
import pytest
import websockets

from exam.processes import Desk, collected_static, desk, free_port

APPLICATION = "livescore_site.asgi:application"
MAKE_TOKEN = """
from django.utils import timezone
from feed.models import SubscriberToken
token = SubscriberToken(name="odds screen", made_at=timezone.now())
print("token", token.new_secret())
token.save()
"""


#: By server, how it is begun, but for the port.
SERVERS = {
    "uvicorn": ("uvicorn", APPLICATION, "--host", "127.0.0.1", "--port", "{port}"),
    "hypercorn": ("hypercorn", APPLICATION, "--bind", "127.0.0.1:{port}"),
    "hypercorn, two workers": ("hypercorn", APPLICATION, "--workers", "2", "--bind", "127.0.0.1:{port}"),
}


def serve(made: Desk, server: str) -> str:
    """The desk by this server, whose process is the last that was started; its address."""
    module, *arguments = SERVERS[server]
    if importlib.util.find_spec(module) is None:
        pytest.skip(f"needs {module}")
    (made.folder / "static").symlink_to(collected_static())
    port = free_port()
    process = made.start("-m", module, *(argument.format(port=port) for argument in arguments))
    return made.wait_for(process, f"http://127.0.0.1:{port}")


async def heard_at_the_end(made: Desk, address: str, secret: str) -> tuple[list[dict[str, Any]], int]:
    """What a program that is current is told once the server is to end, and the code that its socket is closed with."""
    url = f"{address.replace('http', 'ws')}/ws/v1/stream"
    messages: list[dict[str, Any]] = []
    async with websockets.connect(url, additional_headers={"Authorization": f"Bearer {secret}"}) as socket:
        await socket.send(json.dumps({"op": "subscribe", "fixtures": [1]}))
        while json.loads(await asyncio.wait_for(socket.recv(), 20))["type"] != "current":
            pass
        made.started[-1].send_signal(signal.SIGTERM)
        with suppress(websockets.ConnectionClosed):
            while True:
                messages.append(json.loads(await asyncio.wait_for(socket.recv(), 20)))
    assert socket.close_code is not None
    return messages, socket.close_code


@pytest.mark.timeout(120)
@pytest.mark.parametrize("server", SERVERS)
def test_a_program_is_told_to_come_back_before_the_server_ends(server: str):
    with desk() as made:
        secret = made.run("shell", "--command", MAKE_TOKEN).partition("token ")[2].split()[0]
        address = serve(made, server)
        assert httpx.get(f"{address}/sign_in/").status_code == 200
        messages, code = asyncio.run(heard_at_the_end(made, address, secret))
        assert [message["type"] for message in messages if message["type"] != "heartbeat"] == ["restart"]
        assert code == 1012
        # uvicorn ends as the signal would have ended it.
        assert made.started[-1].wait(20) in (0, -signal.SIGTERM)
