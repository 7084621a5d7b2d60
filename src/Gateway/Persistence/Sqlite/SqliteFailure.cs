namespace Gateway.Persistence.Sqlite;

/// <summary>SQLite refused a call: broken infrastructure (disk full, I/O error, damaged file) or a bug in a statement.</summary>
internal sealed class SqliteFailure(int code, string message) : StorageException($"SQLite error {code}: {message}")
{
    /// <summary>The extended result code, see https://sqlite.org/rescode.html.</summary>
    public int Code { get; } = code;
}
