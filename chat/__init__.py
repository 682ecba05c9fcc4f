"""What happens inside a talk: conversations, visitors and their live road.

Chat never learns that triage exists. It publishes events; `helpline.wiring`
connects them.
"""
