"""The town as the (invented) vendor ASAMA would have written it: one module an area, `files(town)`."""
