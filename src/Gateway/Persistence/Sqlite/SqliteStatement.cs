using System.Text;
using Gateway.Activities;
using SQLitePCL;

namespace Gateway.Persistence.Sqlite;

/// <summary>
/// A prepared statement. Parameters are bound by position from 1, columns read by position from 0; it must be
/// <see cref="Reset"/> before its next use, which a <c>using</c> over <see cref="Use"/> does.
/// </summary>
internal sealed unsafe class SqliteStatement(SqliteDatabase database, sqlite3_stmt owner) : IDisposable
{
    /// <summary>Bytes that are copied in no time.</summary>
    private const int Short = 512;

    private readonly nint statement = owner.DangerousGetHandle();

    public Usage Use() => new(this);

    public SqliteStatement Bind(int index, long value) => Checked(NativeSqlite.BindLong(statement, index, value));

    public SqliteStatement Bind(int index, long? value) =>
        value is { } number ? Bind(index, number) : Checked(NativeSqlite.BindNull(statement, index));

    public SqliteStatement Bind(int index, ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
        {
            return Checked(NativeSqlite.BindZeroBlob(statement, index, 0));
        }

        fixed (byte* bytes = value)
        {
            return Checked(value.Length <= Short
                ? NativeSqlite.BindShortBlob(statement, index, bytes, value.Length, NativeSqlite.Copied)
                : NativeSqlite.BindBlob(statement, index, bytes, value.Length, NativeSqlite.Copied));
        }
    }

    public SqliteStatement Bind(int index, ReadOnlyMemory<byte>? value) =>
        value is { } bytes ? Bind(index, bytes.Span) : Checked(NativeSqlite.BindNull(statement, index));

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
            return Checked(NativeSqlite.BindNull(statement, index));
        }

        if (Encoding.UTF8.GetMaxByteCount(value.Length) > Short)
        {
            return Checked(raw.sqlite3_bind_text(owner, index, value));
        }

        var utf8 = stackalloc byte[Short];
        var length = Encoding.UTF8.GetBytes(value, new Span<byte>(utf8, Short));
        return Checked(NativeSqlite.BindShortText(statement, index, utf8, length, NativeSqlite.Copied));
    }

    /// <summary>Moves to the next row; false at the end.</summary>
    public bool Step() => NativeSqlite.Step(statement) switch
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

    public bool IsNull(int column) => NativeSqlite.ColumnType(statement, column) == raw.SQLITE_NULL;

    public long Long(int column) => NativeSqlite.ColumnLong(statement, column);

    public int Int(int column) => (int)Long(column);

    public long? LongOrNull(int column) => IsNull(column) ? null : Long(column);

    public string Text(int column)
    {
        var text = NativeSqlite.ColumnText(statement, column);
        return Encoding.UTF8.GetString(text, NativeSqlite.ColumnBytes(statement, column));
    }

    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    /// <summary>The bytes in place, good until the next step or reset.</summary>
    public ReadOnlySpan<byte> Span(int column)
    {
        var bytes = NativeSqlite.ColumnBlob(statement, column);
        return new ReadOnlySpan<byte>(bytes, NativeSqlite.ColumnBytes(statement, column));
    }

    public ReadOnlyMemory<byte>? BytesOrNull(int column) => IsNull(column) ? (ReadOnlyMemory<byte>?)null : Span(column).ToArray();

    public ActivityId Id(int column) => ActivityId.Read(Span(column));

    public DateTimeOffset Time(int column) => Clock.FromMicroseconds(Long(column));

    public DateTimeOffset? TimeOrNull(int column) => IsNull(column) ? null : Time(column);

    public void Reset()
    {
        // The code repeats what the last step already reported.
        _ = NativeSqlite.Reset(statement);
        _ = NativeSqlite.ClearBindings(statement);
    }

    public void Dispose() => owner.Dispose();

    private SqliteStatement Checked(int code) => code == raw.SQLITE_OK ? this : throw database.Failure();

    public readonly ref struct Usage(SqliteStatement statement)
    {
        public void Dispose() => statement.Reset();
    }
}
