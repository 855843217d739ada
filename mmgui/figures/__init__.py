"""What a picture shows: frozen arrays and labels, one module a picture. Free of Qt.

Every figure has ``table()``: the same content as labelled columns, for copying and for readers
who do not see the picture.
"""
