"""The sockets of a talk, for each site."""

from chat.live.consumers import TalksConsumer, VisitorConsumer

visitor_sockets = [VisitorConsumer.at("ws")]
team_sockets = [TalksConsumer.at("ws/talks")]
