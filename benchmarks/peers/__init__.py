"""The reference job with tools that everybody has, without any validation."""
