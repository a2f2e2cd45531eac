"""What the product calls of google-auth 2.x: a person's own credentials."""

from collections.abc import Sequence
from datetime import datetime

from google.auth.transport import Request

class Credentials:
    token: str | None
    expiry: datetime | None
    def __init__(
        self,
        token: str | None,
        refresh_token: str | None = None,
        id_token: str | None = None,
        token_uri: str | None = None,
        client_id: str | None = None,
        client_secret: str | None = None,
        scopes: Sequence[str] | None = None,
        default_scopes: Sequence[str] | None = None,
        quota_project_id: str | None = None,
        expiry: datetime | None = None,
        *,
        granted_scopes: Sequence[str] | None = None,
        account: str | None = None,
    ) -> None: ...
    @property
    def refresh_token(self) -> str | None: ...
    @property
    def id_token(self) -> str | None: ...
    @property
    def token_uri(self) -> str | None: ...
    @property
    def scopes(self) -> Sequence[str] | None: ...
    @property
    def granted_scopes(self) -> Sequence[str] | None: ...
    @property
    def expired(self) -> bool: ...
    @property
    def valid(self) -> bool: ...
    def refresh(self, request: Request) -> None: ...
