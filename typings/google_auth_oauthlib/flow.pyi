"""What the product calls of google-auth-oauthlib 1.5: the flow without its own server."""

from collections.abc import Mapping, Sequence

from google.oauth2.credentials import Credentials
from requests_oauthlib import OAuth2Session

class Flow:
    oauth2session: OAuth2Session
    client_type: str
    client_config: Mapping[str, object]
    redirect_uri: str | None
    code_verifier: str | None
    autogenerate_code_verifier: bool
    def __init__(
        self,
        oauth2session: OAuth2Session,
        client_type: str,
        client_config: Mapping[str, object],
        redirect_uri: str | None = None,
        code_verifier: str | None = None,
        autogenerate_code_verifier: bool = True,
    ) -> None: ...
    @classmethod
    def from_client_config(
        cls,
        client_config: Mapping[str, object],
        scopes: Sequence[str],
        *,
        redirect_uri: str | None = None,
        code_verifier: str | None = None,
        autogenerate_code_verifier: bool = True,
        state: str | None = None,
    ) -> Flow: ...
    def authorization_url(
        self,
        *,
        access_type: str = ...,
        prompt: str = ...,
        include_granted_scopes: str = ...,
        login_hint: str | None = ...,
        hd: str | None = ...,
        state: str | None = ...,
        nonce: str = ...,
    ) -> tuple[str, str]: ...
    def fetch_token(
        self,
        *,
        code: str = ...,
        authorization_response: str = ...,
        include_client_id: bool = ...,
        client_secret: str | None = ...,
        verify: bool | str = ...,
        timeout: float | tuple[float, float] = ...,
        proxies: Mapping[str, str] | None = ...,
    ) -> Mapping[str, object]: ...
    @property
    def credentials(self) -> Credentials: ...
