using Gateway.Activities;
using Npgsql;
using NpgsqlTypes;

namespace Gateway.Persistence.Postgres;

/// <summary>
/// Columns of many rows as the parameters of one statement, which unnests them. Positional, in the order of the calls.
/// </summary>
internal sealed class Arrays<TRow>(IReadOnlyList<TRow> rows)
{
    private readonly List<NpgsqlParameter> parameters = [];

    public Arrays<TRow> Ids(Func<TRow, ActivityId> column) => Bytes(row => column(row).ToBytes());

    public Arrays<TRow> Digests(Func<TRow, OutcomeDigest> column) => Bytes(row =>
    {
        var bytes = new byte[OutcomeDigest.Size];
        column(row).Write(bytes);
        return bytes;
    });

    public Arrays<TRow> Bytes(Func<TRow, byte[]?> column) => Add(column, NpgsqlDbType.Bytea);

    public Arrays<TRow> Texts(Func<TRow, string?> column) => Add(row => PostgresText.Of(column(row)), NpgsqlDbType.Text);

    public Arrays<TRow> Ints(Func<TRow, int> column) => Add(column, NpgsqlDbType.Integer);

    public Arrays<TRow> IntsOrNull(Func<TRow, int?> column) => Add(column, NpgsqlDbType.Integer);

    public Arrays<TRow> Longs(Func<TRow, long> column) => Add(column, NpgsqlDbType.Bigint);

    public Arrays<TRow> LongsOrNull(Func<TRow, long?> column) => Add(column, NpgsqlDbType.Bigint);

    public Arrays<TRow> Flags(Func<TRow, bool> column) => Add(column, NpgsqlDbType.Boolean);

    public Arrays<TRow> Times(Func<TRow, DateTimeOffset> column) => Longs(row => column(row).ToMicroseconds());

    public Arrays<TRow> TimesOrNull(Func<TRow, DateTimeOffset?> column) => LongsOrNull(row => column(row)?.ToMicroseconds());

    public NpgsqlBatchCommand Into(string sql)
    {
        var command = new NpgsqlBatchCommand(sql);
        command.Parameters.AddRange(parameters.ToArray());
        return command;
    }

    /// <summary>A column without any value goes empty: unnesting fills up with nulls.</summary>
    private Arrays<TRow> Add<T>(Func<TRow, T> column, NpgsqlDbType type)
    {
        var (values, any) = (new T[rows.Count], false);
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = column(rows[i]);
            any |= values[i] is not null;
        }

        parameters.Add(Parameter.Array(any ? values : [], type));
        return this;
    }
}

/// <summary>Typed parameters: nothing is boxed or guessed.</summary>
internal static class Parameter
{
    public static NpgsqlParameter Array<T>(T[] values, NpgsqlDbType type) =>
        new NpgsqlParameter<T[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type };

    public static NpgsqlParameter Ids(IEnumerable<ActivityId> ids) => Array(ids.Select(id => id.ToBytes()).ToArray(), NpgsqlDbType.Bytea);

    public static NpgsqlParameter Of(long value) => new NpgsqlParameter<long> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Bigint };

    public static NpgsqlParameter Of(int value) => new NpgsqlParameter<int> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Integer };

    public static NpgsqlParameter Of(DateTimeOffset value) => Of(value.ToMicroseconds());

    public static NpgsqlParameter Of(ActivityId value) =>
        new NpgsqlParameter<byte[]> { TypedValue = value.ToBytes(), NpgsqlDbType = NpgsqlDbType.Bytea };

    public static NpgsqlParameter Of(string? value) =>
        new NpgsqlParameter<string?> { TypedValue = PostgresText.Of(value), NpgsqlDbType = NpgsqlDbType.Text };
}
