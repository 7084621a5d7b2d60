namespace Gateway.Persistence.Sqlite;

/// <summary>What the writer runs inside its transaction.</summary>
internal interface ISqliteChange : IPendingChange
{
    void Apply(SqliteWriter session);
}

/// <summary>A change as the statements it is made of.</summary>
/// <param name="change">May run twice where another change of its batch failed: it must not keep state of its own.</param>
internal sealed class SqliteChange<T>(Func<SqliteWriter, T> change, int bytes) : PendingChange<T>(bytes), ISqliteChange
{
    public void Apply(SqliteWriter session) => Result = change(session);
}

internal static class SqliteCommits
{
    /// <summary>Runs a change on the writer's thread; the answer comes after it is on stable storage.</summary>
    /// <param name="bytes">Payload it holds in memory while it waits.</param>
    public static Task<T> RunAsync<T>(this CommitLoop<ISqliteChange> commits, Func<SqliteWriter, T> change, int bytes = 0)
    {
        var waiting = new SqliteChange<T>(change, bytes);
        commits.Enqueue(waiting);
        return waiting.Answer;
    }
}
