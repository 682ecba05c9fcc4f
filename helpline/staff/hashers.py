"""Argon2id at a cost that a small server bears when a whole shift signs in."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class ModestArgon2(Argon2PasswordHasher):
    """Argon2id with 19 MiB, two passes, one lane (OWASP); Django's own takes 100 MiB."""

    time_cost = 2
    memory_cost = 19456
    parallelism = 1
