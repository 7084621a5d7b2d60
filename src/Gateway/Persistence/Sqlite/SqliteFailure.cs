using SQLitePCL;

namespace Gateway.Persistence.Sqlite;

/// <summary>SQLite refused a call: broken infrastructure (disk full, I/O error, damaged file) or a bug in a statement.</summary>
internal sealed class SqliteFailure(int code, string message) : StorageException($"SQLite error {code}: {message}")
{
    /// <summary>The extended result code, see https://sqlite.org/rescode.html.</summary>
    public int Code { get; } = code;

    /// <summary>No space is left; it comes back when somebody makes room.</summary>
    public bool IsFull => Primary is raw.SQLITE_FULL;

    /// <summary>Somebody else holds the file; it comes back when they let go.</summary>
    public bool IsBusy => Primary is raw.SQLITE_BUSY or raw.SQLITE_LOCKED;

    /// <summary>The storage is to blame, not the statement or the values given to it.</summary>
    public bool IsOfStorage => IsFull || IsBusy || Primary is raw.SQLITE_IOERR or raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB
        or raw.SQLITE_READONLY or raw.SQLITE_CANTOPEN or raw.SQLITE_PROTOCOL or raw.SQLITE_PERM;

    private int Primary => Code & 0xFF;
}
