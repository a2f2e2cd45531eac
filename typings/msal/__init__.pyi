"""What the product calls of msal 1.39: a public client with our own listener and session."""

from collections.abc import Mapping, Sequence

import requests

class SerializableTokenCache:
    has_state_changed: bool
    def __init__(self) -> None: ...
    def serialize(self) -> str: ...
    def deserialize(self, state: str | None) -> None: ...

class PublicClientApplication:
    def __init__(
        self,
        client_id: str,
        client_credential: None = None,
        *,
        authority: str | None = None,
        token_cache: SerializableTokenCache | None = None,
        http_client: requests.Session | None = None,
        app_name: str | None = None,
        app_version: str | None = None,
        client_capabilities: Sequence[str] | None = None,
        instance_discovery: bool | None = None,
        enable_pii_log: bool | None = None,
    ) -> None: ...
    def initiate_auth_code_flow(
        self,
        scopes: Sequence[str],
        redirect_uri: str | None = None,
        state: str | None = None,
        prompt: str | None = None,
        login_hint: str | None = None,
        domain_hint: str | None = None,
        claims_challenge: str | None = None,
        max_age: int | None = None,
        response_mode: str | None = None,
    ) -> dict[str, object]: ...
    def acquire_token_by_auth_code_flow(
        self,
        auth_code_flow: Mapping[str, object],
        auth_response: Mapping[str, str],
        scopes: Sequence[str] | None = None,
    ) -> dict[str, object]: ...
    def get_accounts(self, username: str | None = None) -> list[dict[str, str]]: ...
    def remove_account(self, account: Mapping[str, str]) -> None: ...
    def acquire_token_silent_with_error(
        self,
        scopes: Sequence[str],
        account: Mapping[str, str] | None,
        authority: str | None = None,
        force_refresh: bool = False,
        claims_challenge: str | None = None,
    ) -> dict[str, object] | None: ...
