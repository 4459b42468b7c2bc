"""The toy sender, from its own documentation."""

from __future__ import annotations

NAME = "Toy sender"
VENDOR = None
FAMILIES = (4,)
SECURED_BY = "it writes https once somebody asks for it"
TARGET = "toy-sender.example"
SOURCES = ("https://toy.example/sender",)
