"""What is in force for one object, for people and for programs.

In: an inspection. Out: text. It decides nothing and looks nothing up but the place where a thing stands.
"""
