"""How far this desk can go as it is: `manage.py capacity`."""
