using System.Text;
using Gateway.Activities;
using SQLitePCL;

namespace Gateway.Persistence.Sqlite;

/// <summary>
/// A prepared statement. Parameters are bound by position from 1, columns read by position from 0; it must be
/// <see cref="Reset"/> before its next use, which a <c>using</c> over <see cref="Use"/> does.
/// </summary>
internal sealed class SqliteStatement(SqliteDatabase database, sqlite3_stmt statement) : IDisposable
{
    private const int StackText = 512;

    public Usage Use() => new(this);

    public SqliteStatement Bind(int index, long value) => Checked(raw.sqlite3_bind_int64(statement, index, value));

    public SqliteStatement Bind(int index, long? value) =>
        value is { } number ? Bind(index, number) : Checked(raw.sqlite3_bind_null(statement, index));

    public SqliteStatement Bind(int index, ReadOnlySpan<byte> value) => Checked(value.IsEmpty
        ? raw.sqlite3_bind_zeroblob(statement, index, 0)
        : raw.sqlite3_bind_blob(statement, index, value));

    public SqliteStatement Bind(int index, ReadOnlyMemory<byte>? value) =>
        value is { } bytes ? Bind(index, bytes.Span) : Checked(raw.sqlite3_bind_null(statement, index));

    public SqliteStatement Bind(int index, ActivityId value)
    {
        Span<byte> bytes = stackalloc byte[ActivityId.Size];
        value.Write(bytes);
        return Bind(index, bytes);
    }

    public SqliteStatement Bind(int index, OutcomeDigest value)
    {
        Span<byte> bytes = stackalloc byte[OutcomeDigest.Size];
        value.Write(bytes);
        return Bind(index, bytes);
    }

    public SqliteStatement Bind(int index, DateTimeOffset value) => Bind(index, value.ToMicroseconds());

    public SqliteStatement Bind(int index, DateTimeOffset? value) => Bind(index, value?.ToMicroseconds());

    public SqliteStatement Bind(int index, string? value)
    {
        if (value is null)
        {
            return Checked(raw.sqlite3_bind_null(statement, index));
        }

        if (Encoding.UTF8.GetMaxByteCount(value.Length) > StackText)
        {
            return Checked(raw.sqlite3_bind_text(statement, index, value));
        }

        Span<byte> utf8 = stackalloc byte[StackText];
        return Checked(raw.sqlite3_bind_text(statement, index, utf8[..Encoding.UTF8.GetBytes(value, utf8)]));
    }

    /// <summary>Moves to the next row; false at the end.</summary>
    public bool Step() => raw.sqlite3_step(statement) switch
    {
        raw.SQLITE_ROW => true,
        raw.SQLITE_DONE => false,
        _ => throw database.Failure(),
    };

    /// <summary>Runs to the end and resets; the number of rows changed.</summary>
    public int Run()
    {
        using var usage = Use();
        while (Step())
        {
        }

        return database.Changes;
    }

    public bool IsNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;

    public long Long(int column) => raw.sqlite3_column_int64(statement, column);

    public int Int(int column) => raw.sqlite3_column_int(statement, column);

    public long? LongOrNull(int column) => IsNull(column) ? null : Long(column);

    public string Text(int column) => raw.sqlite3_column_text(statement, column).utf8_to_string();

    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    /// <summary>The bytes in place, good until the next step or reset.</summary>
    public ReadOnlySpan<byte> Span(int column) => raw.sqlite3_column_blob(statement, column);

    public ReadOnlyMemory<byte>? BytesOrNull(int column) => IsNull(column) ? (ReadOnlyMemory<byte>?)null : Span(column).ToArray();

    public ActivityId Id(int column) => ActivityId.Read(Span(column));

    public DateTimeOffset Time(int column) => Clock.FromMicroseconds(Long(column));

    public DateTimeOffset? TimeOrNull(int column) => IsNull(column) ? null : Time(column);

    public void Reset()
    {
        // The code repeats what the last step already reported.
        _ = raw.sqlite3_reset(statement);
        _ = raw.sqlite3_clear_bindings(statement);
    }

    public void Dispose() => statement.Dispose();

    private SqliteStatement Checked(int code) => code == raw.SQLITE_OK ? this : throw database.Failure();

    public readonly ref struct Usage(SqliteStatement statement)
    {
        public void Dispose() => statement.Reset();
    }
}
