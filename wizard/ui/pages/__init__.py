"""One module for each step's page; how a page is made is told in `wizard.ui.page`."""
