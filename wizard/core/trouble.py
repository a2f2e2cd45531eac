"""What can go wrong, as a stable code with facts; the words for it live in `wizard.content`."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum, unique
from types import MappingProxyType

Fact = str | int | float | bool

__all__ = ["Code", "Fact", "Trouble"]


@unique
class Code(StrEnum):
    """Stable names of everything that can stop the program, safe to print and to search for.

    A code is never renamed or used again for something else. Each has its words in
    `wizard.content.troubles`.
    """

    # the program and its machine
    CANCELLED = "cancelled"
    INTERNAL = "internal"
    DISK_FULL = "disk-full"
    FOLDER_NOT_WRITABLE = "folder-not-writable"
    FILE_THERE = "file-there"
    DATABASE_DAMAGED = "database-damaged"
    DATABASE_TOO_NEW = "database-too-new"
    DATABASE_BUSY = "database-busy"
    ANSWERS_DAMAGED = "answers-damaged"
    RESUME_FILE_UNREADABLE = "resume-file-unreadable"
    RESUME_FILE_DAMAGED = "resume-file-damaged"
    RESUME_FILE_TOO_LARGE = "resume-file-too-large"
    RESUME_FILE_TOO_NEW = "resume-file-too-new"
    RESUME_FILE_OTHER_PROFILE = "resume-file-other-profile"
    RESUME_NOT_INVITED = "resume-not-invited"
    MOVED_AWAY = "moved-away"
    MOVE_NOT_POSSIBLE = "move-not-possible"
    MOVE_FILE_REFUSED = "move-file-refused"
    ALREADY_RUNNING = "already-running"
    SYNC_ALREADY_RUNNING = "sync-already-running"
    NO_DISPLAY = "no-display"

    # profile
    PROFILE_NOT_FOUND = "profile-not-found"
    PROFILE_NOT_CHOSEN = "profile-not-chosen"
    PROFILE_INVALID = "profile-invalid"
    PROFILE_NOT_TRUSTED = "profile-not-trusted"
    PROFILE_FORBIDDEN = "profile-forbidden"

    # vault
    VAULT_DAMAGED = "vault-damaged"
    VAULT_LOCKED = "vault-locked"
    KEYRING_MISSING = "keyring-missing"
    KEYRING_LOCKED = "keyring-locked"
    KEYRING_TIMEOUT = "keyring-timeout"
    PASSPHRASE_WRONG = "passphrase-wrong"

    # network
    OFFLINE = "offline"
    HOST_NOT_FOUND = "host-not-found"
    CONNECTION_REFUSED = "connection-refused"
    CONNECTION_LOST = "connection-lost"
    TIMED_OUT = "timed-out"
    TLS_UNTRUSTED = "tls-untrusted"
    TLS_FAILED = "tls-failed"
    PROXY_UNREACHABLE = "proxy-unreachable"
    PROXY_SIGN_IN_NEEDED = "proxy-sign-in-needed"
    PROXY_NTLM = "proxy-ntlm"
    PROXY_INVALID = "proxy-invalid"
    UNEXPECTED_REDIRECT = "unexpected-redirect"
    WRONG_HOST = "wrong-host"
    ANSWER_NOT_UNDERSTOOD = "answer-not-understood"
    ANSWER_TOO_LARGE = "answer-too-large"
    SERVICE_UNAVAILABLE = "service-unavailable"
    RATE_LIMITED = "rate-limited"
    WRITE_BEHIND_WALL = "write-behind-wall"

    # sign-in in the browser
    BROWSER_NOT_OPENED = "browser-not-opened"
    SIGN_IN_TIMED_OUT = "sign-in-timed-out"
    SIGN_IN_REFUSED = "sign-in-refused"
    SIGN_IN_FORGED = "sign-in-forged"
    SIGN_IN_FAILED = "sign-in-failed"
    SIGN_IN_EXPIRED = "sign-in-expired"
    SIGN_IN_NEEDED = "sign-in-needed"
    LISTENER_FAILED = "listener-failed"
    UNSAFE_ADDRESS = "unsafe-address"

    # the account service
    NOT_ALLOWED = "not-allowed"
    NOT_A_MEMBER = "not-a-member"
    NOT_FOUND_AT_SERVICE = "not-found-at-service"
    SETTINGS_CHANGED = "settings-changed"
    SETTINGS_UNREADABLE = "settings-unreadable"
    NOT_THE_SYNCER = "not-the-syncer"
    CONNECTION_NOT_ACTIVE = "connection-not-active"
    CONNECTION_FAILED = "connection-failed"
    REQUEST_REFUSED = "request-refused"
    ADDRESS_TAKEN = "address-taken"
    LAST_OWNER = "last-owner"
    INVITATION_CLOSED = "invitation-closed"
    PROVISIONING_TOKEN_REVOKED = "provisioning-token-revoked"
    PROVISIONING_TOKEN_LEFT = "provisioning-token-left"
    SET_UP_STANDS = "set-up-stands"
    NO_ORGANIZATIONAL_UNIT = "no-organizational-unit"

    # Google
    NOT_A_FULL_ADMIN = "not-a-full-admin"
    DELEGATED_ADMIN = "delegated-admin"
    SCOPES_MISSING = "scopes-missing"
    OTHER_CUSTOMER = "other-customer"
    ADMIN_POLICY_ENFORCED = "admin-policy-enforced"
    APP_INTERNAL = "app-internal"
    APP_BLOCKED = "app-blocked"
    APP_NOT_INSTALLED = "app-not-installed"
    API_NOT_ENABLED = "api-not-enabled"
    DOMAIN_CANNOT_USE_APIS = "domain-cannot-use-apis"
    DIRECTORY_FORBIDDEN = "directory-forbidden"
    DIRECTORY_TOKEN_REJECTED = "directory-token-rejected"
    PAGE_TOKEN_STALE = "page-token-stale"
    CLOCK_WRONG = "clock-wrong"

    # sync
    READ_INCOMPLETE = "read-incomplete"
    READ_SHRUNK = "read-shrunk"
    READ_EMPTY = "read-empty"
    GUARD_STOPPED = "guard-stopped"
    APPROVAL_OUTDATED = "approval-outdated"
    LINKS_NOT_REBUILT = "links-not-rebuilt"
    LEAVERS_UNPROVEN = "leavers-unproven"
    ADDRESS_CLAIMED_TWICE = "address-claimed-twice"
    ACCOUNT_CLAIMED = "account-claimed"
    NO_ADDRESS = "no-address"
    DOMAIN_NOT_VERIFIED = "domain-not-verified"
    WRITE_FAILED = "write-failed"
    PROVISIONING_OFF = "provisioning-off"
    RUN_INTERRUPTED = "run-interrupted"
    RUN_NOT_KNOWN = "run-not-known"


class Trouble(Exception):
    """The one error of the product: a `Code` and the facts that its words need.

    Facts are short, printable and never secret. `retry_after` is in seconds where the other
    side said when to come back. Foreign exceptions are turned into this at the adapter's edge,
    raised `from` the original.
    """

    def __init__(self, code: Code, *, retry_after: float | None = None, **facts: Fact) -> None:
        super().__init__(code.value)
        self.code = code
        self.retry_after = retry_after
        self.facts: Mapping[str, Fact] = MappingProxyType(dict(facts))

    def __str__(self) -> str:
        if not self.facts:
            return self.code.value
        told = ", ".join(f"{name}={value}" for name, value in sorted(self.facts.items()))
        return f"{self.code.value} ({told})"
