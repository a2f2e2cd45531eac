"""What is shown of a profile; a module of its own, because every start of the window needs it."""

from __future__ import annotations

from wizard.profile.model import Profile
from wizard.services.contract import ProfileView

__all__ = ["profile_view"]


def profile_view(profile: Profile) -> ProfileView:
    """What a person may know of a profile."""
    return ProfileView(
        id=profile.id,
        name=profile.service_name,
        practice=profile.is_practice,
        hosts=profile.hosts(),
        control_url=profile.practice.control if profile.practice else "",
        support_url=profile.links.support,
        privacy_url=profile.links.privacy_notice,
        data_management_url=profile.links.data_management,
        compliance_url=profile.links.compliance,
    )
