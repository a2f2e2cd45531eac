"""The requests transport of google-auth 2.x."""

from google.auth import transport
from requests import Session

class Request(transport.Request):
    session: Session
    def __init__(self, session: Session | None = None) -> None: ...
