using Gateway.Persistence;
using Gateway.Persistence.Sqlite;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Gateway.Tests.Persistence;

/// <summary>The schema of the embedded database, made and brought up to date by a start.</summary>
public sealed class SqliteMigrationTests : IDisposable
{
    private const string TablesSql = "SELECT group_concat(name, ' ') FROM (SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name)";

    private readonly string directory = TempDirectory.Create();

    private string Database => Path.Combine(directory, "gateway.db");

    public void Dispose() => TempDirectory.Delete(directory);

    [Fact]
    public void The_model_has_no_change_without_a_migration()
    {
        using var context = new SqliteGatewayDbContext(SqliteStorage.ContextOptions("Data Source=:memory:"));
        Assert.False(context.Database.HasPendingModelChanges());
    }

    [Theory]
    [InlineData("activities", true)]
    [InlineData("heartbeats", true)]
    [InlineData("labels", true)]
    [InlineData("outcomes", false)]
    public void A_table_is_clustered_by_its_key(string table, bool withoutRowid)
    {
        Start();
        Assert.Equal(withoutRowid ? "1" : "0", Read($"SELECT wr FROM pragma_table_list('{table}')"));
    }

    [Fact]
    public void A_first_start_that_died_while_it_migrated_does_not_hold_the_next_one()
    {
        Directory.CreateDirectory(directory);
        File.Create(Database).Dispose();
        using (var writer = SqliteDatabase.OpenWriter(Database))
        {
            writer.Execute("""CREATE TABLE "__EFMigrationsLock" ("Id" INTEGER PRIMARY KEY, "Timestamp" TEXT NOT NULL)""");
            writer.Execute("""INSERT INTO "__EFMigrationsLock" VALUES (1, '2030-01-01')""");
        }

        Start();
        Assert.Contains("activities", Read(TablesSql), StringComparison.Ordinal);
    }

    [Fact]
    public void A_database_that_lacks_a_migration_gets_it()
    {
        Start();
        var tables = Read(TablesSql);
        using (var writer = SqliteDatabase.OpenWriter(Database))
        {
            writer.Execute("""DELETE FROM "__EFMigrationsHistory";""");
            foreach (var table in tables.Split(' ').Where(name => !name.StartsWith('_') && !name.StartsWith("sqlite_", StringComparison.Ordinal)))
            {
                writer.Execute($"DROP TABLE {table}");
            }
        }

        Start();
        Assert.Equal(tables, Read(TablesSql));
    }

    /// <summary>Entity Framework makes its lock's table whenever it looks.</summary>
    [Fact]
    public void A_database_that_lacks_nothing_is_opened_without_Entity_Framework()
    {
        Start();
        using (var writer = SqliteDatabase.OpenWriter(Database))
        {
            writer.Execute("""DROP TABLE "__EFMigrationsLock";""");
        }

        Start();
        Assert.DoesNotContain("__EFMigrationsLock", Read(TablesSql), StringComparison.Ordinal);
    }

    private void Start() => new SqliteStorage(
        Options.Create(new StorageOptions { DataDirectory = directory }), TimeProvider.System, static _ => { }, NullLogger<SqliteStorage>.Instance).Dispose();

    private string Read(string sql)
    {
        using var reader = SqliteDatabase.OpenReader(Database);
        return reader.Scalar(sql);
    }
}
