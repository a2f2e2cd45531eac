"""The short texts behind the profile's links: support, privacy, data management, compliance."""

from __future__ import annotations

__all__ = ["TEXTS"]

TEXTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "support": (
        "Support",
        (
            "This is the support page of the practice organization. Nobody waits behind it.",
            (
                "With a real account service this link leads to the people who run it. Have the "
                "support file ready: the program writes it from its help panel, without passwords "
                "and without tokens."
            ),
        ),
    ),
    "privacy": (
        "Privacy notice",
        (
            "The practice organization runs on this computer. Nothing in it leaves this computer.",
            (
                "Every person in it is invented. What you type on its pages is kept in one folder "
                "for the practice organization, readable for you alone, until you delete it."
            ),
        ),
    ),
    "data-management": (
        "Data management",
        (
            (
                "Of each person the account service keeps the name, the address, whether the "
                "account is active, and the directory's id for them."
            ),
            (
                "People who leave are deactivated and kept, or left as they are; a sync never "
                "deletes an account. A connection that is removed takes its settings and tokens "
                "with it."
            ),
        ),
    ),
    "compliance": (
        "Compliance documents",
        (
            (
                "A real account service lists its certificates and agreements here, for your IT "
                "and legal departments."
            ),
            "The practice organization has none, because it holds no real data.",
        ),
    ),
}
