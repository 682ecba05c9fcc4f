"""Runs the house on one machine: servers, programs, set-up.

`make run` and `make test` need no PostgreSQL, no Redis and no rights: real
servers come out of Python wheels and live under `var/`.

Its words
- home: the folders under `var/` where the servers keep what is theirs;
- keeper: who the servers run as: you, or nobody when you are root;
- services: PostgreSQL and Valkey, started by whoever comes first and stopped
  by whoever leaves last;
- programs: web, worker and beat, kept alive by one supervisor.

It refuses to start half a house, to let anybody in without a password, and to
show a traceback where one sentence helps. What starts the house (`run`,
`suites` and all below them) never imports Django: it must work before Django
can be configured.
"""
