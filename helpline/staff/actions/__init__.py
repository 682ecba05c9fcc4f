"""The verbs of the staff room. Only here are members, factors and sessions written.

`doors` lets people in and out, `factors` adds and checks what they have in
hand, `invitations` brings new people, `members` changes who may do what.
"""
