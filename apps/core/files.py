"""What can go wrong with a store of files, wherever the files lie."""


class StoreUnreachable(OSError):
    """The store does not answer, or refuses. A file that is not there is a FileNotFoundError instead."""
