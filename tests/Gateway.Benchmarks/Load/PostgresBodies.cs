using Gateway.Persistence;
using Npgsql;
using NpgsqlTypes;

namespace Gateway.Benchmarks.Load;

/// <summary>One prepared statement for each batch, which is its own transaction.</summary>
internal sealed class PostgresBodies : IBatchWriter<BodyChange>
{
    private const string TablesSql = """
        CREATE TABLE outcomes (activity_id bytea PRIMARY KEY, body bytea);
        CREATE TABLE outbox (sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, activity_id bytea);
        """;

    private const string InsertSql = """
        WITH written AS (INSERT INTO outcomes (activity_id, body) SELECT * FROM unnest($1, $2))
        INSERT INTO outbox (activity_id) SELECT unnest($1)
        """;

    private readonly NpgsqlConnection connection;
    private readonly NpgsqlCommand insert;
    private readonly NpgsqlParameter<byte[][]> ids = Column();
    private readonly NpgsqlParameter<byte[][]> bodies = Column();

    private PostgresBodies(NpgsqlConnection connection)
    {
        this.connection = connection;
        insert = new NpgsqlCommand(InsertSql, connection) { Parameters = { ids, bodies } };
    }

    /// <param name="connectionString">Of an empty database.</param>
    public static async Task<PostgresBodies> OpenAsync(string connectionString)
    {
        var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var tables = new NpgsqlCommand(TablesSql, connection);
        await tables.ExecuteNonQueryAsync();
        var opened = new PostgresBodies(connection);
        await opened.insert.PrepareAsync();
        return opened;
    }

    public async ValueTask<IReadOnlyList<CommitNotice>> CommitAsync(IReadOnlyList<BodyChange> batch)
    {
        ids.TypedValue = [.. batch.Select(static change => change.Id.ToBytes())];
        bodies.TypedValue = [.. batch.Select(static change => change.Body)];
        await insert.ExecuteNonQueryAsync();
        return [];
    }

    public void Dispose()
    {
        insert.Dispose();
        connection.Dispose();
    }

    private static NpgsqlParameter<byte[][]> Column() => new() { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea, TypedValue = [] };
}
