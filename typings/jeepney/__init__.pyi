"""The part of jeepney that the product names."""
