"""The town as the (invented) vendor SHIRANE would have written it: one module an area, `files(town)`."""
