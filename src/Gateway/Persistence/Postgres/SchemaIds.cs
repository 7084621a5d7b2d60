using System.Collections.Concurrent;
using Gateway.Activities;
using Npgsql;

namespace Gateway.Persistence.Postgres;

/// <summary>
/// The numbers of return schemas' texts, stored once by content. Stored on their own, ahead of the registrations that need
/// them: a text that stands there unused does no harm, and what is remembered here is never rolled back.
/// </summary>
internal sealed class SchemaIds
{
    private const int MaxKnown = 10_000;

    private const string InsertSql =
        "INSERT INTO schemas (hash, text) SELECT * FROM unnest($1, $2) AS u (hash, text) ORDER BY hash ON CONFLICT (hash) DO NOTHING";

    private const string FindSql = "SELECT id, hash FROM schemas WHERE hash = ANY ($1)";

    private readonly ConcurrentDictionary<OutcomeDigest, long> known = [];

    /// <summary>Another server may answer from now on, and one that took over may know less.</summary>
    public void Forget() => known.Clear();

    /// <summary>The numbers of these schemas by their hashes.</summary>
    public async Task<IReadOnlyDictionary<OutcomeDigest, long>> EnsureAsync(NpgsqlConnection connection, IEnumerable<KnownSchema> schemas)
    {
        var (ids, missing) = (new Dictionary<OutcomeDigest, long>(), new Dictionary<OutcomeDigest, ReadOnlyMemory<byte>>());
        foreach (var schema in schemas)
        {
            if (known.TryGetValue(schema.Hash, out var id))
            {
                ids[schema.Hash] = id;
            }
            else
            {
                missing[schema.Hash] = schema.Text;
            }
        }

        if (missing.Count > 0)
        {
            await StoreAsync(connection, [.. missing], ids);
        }

        return ids;
    }

    private async Task StoreAsync(
        NpgsqlConnection connection, List<KeyValuePair<OutcomeDigest, ReadOnlyMemory<byte>>> missing, Dictionary<OutcomeDigest, long> ids)
    {
        await using var batch = new NpgsqlBatch(connection) { Timeout = 0 };
        batch.BatchCommands.Add(new Arrays<KeyValuePair<OutcomeDigest, ReadOnlyMemory<byte>>>(missing)
            .Digests(schema => schema.Key).Bytes(schema => schema.Value.ToArray()).Into(InsertSql));
        batch.BatchCommands.Add(new Arrays<KeyValuePair<OutcomeDigest, ReadOnlyMemory<byte>>>(missing)
            .Digests(schema => schema.Key).Into(FindSql));
        await using (var reader = await batch.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                ids[OutcomeDigest.Read(reader.GetFieldValue<byte[]>(1))] = reader.GetInt64(0);
            }

            // The commit's own word comes after the last result.
            await reader.NextResultAsync();
        }

        if (known.Count >= MaxKnown)
        {
            known.Clear();
        }

        foreach (var (hash, _) in missing)
        {
            known[hash] = ids[hash];
        }
    }
}
