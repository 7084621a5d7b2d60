namespace Gateway.Persistence;

/// <summary>The storage could not be reached or refused to write. Nothing of the call was stored; it is safe to repeat.</summary>
internal class StorageException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The queue in front of the writer is full. Nothing was stored; it is safe to repeat.</summary>
internal sealed class OverloadedException() : StorageException("The commit queue is full.");

/// <summary>The storage itself is unreachable or broken: whatever is tried next fails like this, until it is back.</summary>
internal class StorageDownException(string message, Exception? inner = null) : StorageException(message, inner);

/// <summary>
/// The connection or the disk broke while a commit was under way, and what became of it could not be found out in time: the
/// change is stored, or it is not. The same call again is safe, and finds out.
/// </summary>
internal sealed class UncertainCommitException(Exception inner) : StorageDownException("The fate of a commit is unknown.", inner);
