"""The verbs of the command ``dilemma``: what each asks for, does and prints. Heavy libraries are loaded when a verb is called, not before."""
