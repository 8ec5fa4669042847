"""Check ``projector``: a projector that speaks PJLink (JBMIA, class 1 and 2)."""
