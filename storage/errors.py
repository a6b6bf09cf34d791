"""What can go wrong with a record, in words that no driver has to be known for."""


class StorageError(Exception):
    """Any failure of the storage."""


class NotFound(StorageError):
    """There is no such record, or the person may not see it: which of the two is not told."""


class AlreadyExists(StorageError):
    """A record with this key is there already."""


class Conflict(StorageError):
    """The record is no longer in the state that the change expects."""


class Unavailable(StorageError):
    """The database did not take the change now (disk full, locked, gone); trying again later may help."""


class Again(Unavailable):
    """The database asks for the change to be made again: another process changed what it read."""


class Replaced(StorageError):
    """Another bot has taken the database while the connection to it was lost."""


class AlreadyApplied(StorageError):
    """The effect of this update is committed already; it is only to be answered."""


class BadDatabaseUrl(StorageError):
    """The database URL is not one that Shixi knows."""
