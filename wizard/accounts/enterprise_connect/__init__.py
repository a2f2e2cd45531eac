"""The account service that speaks the Enterprise Connect contract."""
