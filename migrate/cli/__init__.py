"""The command line, one module a command. Heavy imports wait inside the commands: --help is quick."""
