"""What a hand-over kit tells of this set-up: people, rights, hosts and documents put together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from wizard import __version__
from wizard.content.kit import HostUse, KitFacts, KitHost, KitPermission
from wizard.core.trouble import Code, Trouble
from wizard.flow.answers import Answers, Role, StepId
from wizard.flow.graph import path
from wizard.net.addresses import Origin
from wizard.profile.model import Profile
from wizard.providers.google.permissions import PERMISSIONS
from wizard.services.resume_file import SUFFIX, ResumeFile, resume_bytes

__all__ = ["IT_MINUTES", "has_app", "kit_facts", "kit_hosts", "kit_name"]

IT_MINUTES = 25
"""The work in IT's part, as the first page says it, without waiting for the first sync."""

_DONE_ALREADY = Answers(
    role=Role.IT, service_answered=True, provisioning_on=True, settings_version=1
)


def has_app(profile: Profile) -> bool:
    """Whether there is an app to install: one with a page, or with a name to look for."""
    return bool(profile.google.marketplace or profile.google.app_name)


def kit_name(organization: str) -> str:
    """A name for the kit's files, harmless on every system, without its ending."""
    plain = re.sub(r"[^a-z0-9]+", "-", organization.casefold()).strip("-")[:40].strip("-")
    return f"{plain}-hand-over" if plain else "hand-over"


def kit_hosts(profile: Profile) -> tuple[KitHost, ...]:
    """Every host that a firewall has to let through, each once, in the order of their use."""
    found: dict[tuple[str, int], KitHost] = {}
    for address, use in _addresses(profile):
        if address:
            origin = Origin.of(address)
            host = KitHost(host=origin.host, port=origin.port, use=use)
            found.setdefault((origin.host, origin.port), host)
    return tuple(found.values())


def _addresses(profile: Profile) -> Iterator[tuple[str, HostUse]]:
    service, google = profile.service, profile.google
    yield service.api, HostUse.SERVICE
    for region in service.regions:
        yield region.api, HostUse.SERVICE
        yield region.app, HostUse.SIGN_IN
    yield service.issuer, HostUse.SIGN_IN
    yield service.pages, HostUse.SIGN_IN
    for address in (google.auth_uri, google.token_uri, google.revoke_uri, google.pages):
        yield address, HostUse.GOOGLE_SIGN_IN
    yield google.api, HostUse.GOOGLE_READ
    yield google.marketplace, HostUse.GOOGLE_APP


def kit_facts(profile: Profile, answers: Answers, *, name: str, made_on: date) -> KitFacts:
    """All that the kit tells; `name` is what its files are called, without an ending.

    Raises `Trouble(NO_ORGANIZATIONAL_UNIT)` before there is a unit to hand over, and
    `Trouble(ANSWER_NOT_UNDERSTOOD)` where its id fits no resume file.
    """
    if not answers.ou_id:
        raise Trouble(Code.NO_ORGANIZATIONAL_UNIT)
    steps = path(_DONE_ALREADY)
    if not has_app(profile):
        steps = tuple(step for step in steps if step is not StepId.GOOGLE_APP)
    try:
        resume = resume_bytes(ResumeFile(profile_id=profile.id, ou_id=answers.ou_id))
    except ValueError as problem:
        # The service chose an id that nobody could read back from a file.
        host = Origin.of(profile.service.api).host
        raise Trouble(Code.ANSWER_NOT_UNDERSTOOD, host=host) from problem
    links = profile.links
    return KitFacts(
        service=profile.service_name,
        organization=answers.ou_name,
        owner_name=answers.signed_in_name,
        owner_address=answers.signed_in_as,
        steps=tuple(step.value for step in steps),
        minutes=IT_MINUTES,
        permissions=tuple(KitPermission(scope=one.scope, key=one.reason) for one in PERMISSIONS),
        hosts=kit_hosts(profile),
        resume_name=f"{name}{SUFFIX}",
        resume=resume,
        made_on=made_on,
        version=__version__,
        invites=not answers.invites_nobody,
        practice=profile.is_practice,
        privacy_url=links.privacy_notice,
        data_management_url=links.data_management,
        compliance_url=links.compliance,
        support_url=links.support,
    )
