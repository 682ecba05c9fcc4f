"""The socket of the board."""

from triage.live.consumers import BoardConsumer

team_sockets = [BoardConsumer.at("ws/board")]
