"""The pages of the staff room: parse, call, answer."""
