"""Run the gateway on a port until it is told to stop."""

import logging
import socket
from contextlib import suppress

import uvicorn

from lead_pipeline.errors import ConfigError
from lead_pipeline.pipeline.folder import DataFolder
from lead_pipeline.serving.app import Gateway
from lead_pipeline.serving.configuration import GatewaySettings

LONGEST_HEADERS = 16 * 1024
"""Bytes of a request before its body."""

BACKLOG = 2048
"""Connections that wait to be taken."""

ENDING_SECONDS = 15
IDLE_SECONDS = 30

logger = logging.getLogger("lead_pipeline.gateway")


def serve(folder: DataFolder, settings: GatewaySettings, host: str, port: int) -> None:
    """Answer until SIGTERM or Ctrl-C; what is under way then ends first.

    Raises ConfigError where the address cannot be used.
    """
    listener = _listener(host, port)
    with listener:
        gateway = Gateway(folder, settings)
        address = "http://{}:{}".format(*listener.getsockname()[:2])
        logger.info("The gateway listens on %s", address)
        for path, variable in settings.switched_off().items():
            logger.warning("%s answers 503: %s is not set", path, variable)
        if settings.listsmrt_api_key.get_secret_value() in settings.signing_secrets:
            logger.warning(
                "LISTSMRT_API_KEY is accepted as a signing secret: it travels in addresses, "
                "so that whoever sees one can sign"
            )
        with suppress(KeyboardInterrupt):
            uvicorn.Server(_configuration(gateway)).run(sockets=[listener])


def _configuration(gateway: Gateway) -> uvicorn.Config:
    return uvicorn.Config(
        gateway.app(),
        http="h11",
        ws="none",
        lifespan="on",
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        backlog=BACKLOG,
        timeout_keep_alive=IDLE_SECONDS,
        timeout_graceful_shutdown=ENDING_SECONDS,
        h11_max_incomplete_event_size=LONGEST_HEADERS,
    )


def _listener(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listener = socket.socket(family)
    except OSError as error:
        raise _unusable(host, port, error) from error
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        # Who comes before the gateway is ready waits, and is not refused.
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise _unusable(host, port, error) from error
    listener.set_inheritable(True)
    return listener


def _unusable(host: str, port: int, error: OSError) -> ConfigError:
    return ConfigError(
        f"{host}, port {port} cannot be used ({error.strerror})",
        state="nothing was started",
        next_step="lead-pipeline gateway with another --host or --port",
    )
