"""The stock way: a plain Django project with the default admin and django-import-export in default settings.

It holds the same records as the portal beside it, in the schema "stock" of the same database.
"""
