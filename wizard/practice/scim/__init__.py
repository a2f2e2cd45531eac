"""The SCIM 2.0 end of the practice account service."""
