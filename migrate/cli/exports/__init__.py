"""The subcommands of `migrate export`, each loaded when it is called."""
