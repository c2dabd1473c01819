"""The classroom: one page for a lecture, answered by the compiled engine or by answers computed beforehand."""
