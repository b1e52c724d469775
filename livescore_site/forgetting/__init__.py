"""What is too old is forgotten, so that nothing grows for ever: `manage.py tidy`."""
