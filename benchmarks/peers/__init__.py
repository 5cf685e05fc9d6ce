"""The same conversion with tools that everybody has, without any validation."""
