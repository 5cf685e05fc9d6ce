"""The town as the (invented) vendor KUSATSU would have written it: one module an area, `files(town)`."""
