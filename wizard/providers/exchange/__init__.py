"""Exchange on-premises: its checks and the Active Directory reader."""
