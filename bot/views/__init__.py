"""Screens, made of what `crowd` says. Text and buttons only: nothing here reads or writes."""
