"""The window: frame, pages, widgets and theme, drawn over the calls of `wizard.services`."""
