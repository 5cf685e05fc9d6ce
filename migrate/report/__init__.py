"""Figures -> pages for people: `text.page(report)`."""
