"""The report: one self-contained HTML page with tables, pictures as SVG, and code. Free of Qt."""
