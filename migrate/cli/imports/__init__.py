"""The subcommands of `migrate import`, each loaded when it is called."""
