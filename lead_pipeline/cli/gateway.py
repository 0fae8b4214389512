"""`lead-pipeline gateway`: receives ListSMRT's webhooks, answers SocialSignIn's look-ups."""

import click

from lead_pipeline.pipeline.folder import open_folder
from lead_pipeline.serving.configuration import read_gateway_settings
from lead_pipeline.serving.log import log_as_json_lines
from lead_pipeline.serving.server import serve
from lead_pipeline.settings import read_settings


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8080, show_default=True, help="Port; 0 takes a free one.")
def gateway(host: str, port: int) -> None:
    """Receive ListSMRT's webhooks and answer SocialSignIn's look-ups, until Ctrl-C.

    It speaks plain HTTP, for a proxy with TLS in front of it. What it receives waits in the spool
    for the asset `listings`, or the next `lead-pipeline run`.
    """
    settings = read_gateway_settings()
    folder = open_folder(read_settings())
    log_as_json_lines()
    serve(folder, settings, host, port)
