using Gateway.Activities;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Options;

namespace Gateway.Persistence.Sqlite;

/// <summary>
/// The embedded database of one process: locks the data directory, brings the schema up to date, then opens the one writer
/// and the readers. Opened on first use, which is at start.
/// </summary>
internal sealed class SqliteStorage : IStorage
{
    /// <summary>About 50 MB where all of them are small; a minute of a thousand registrations a second.</summary>
    private const int RecentlyRegistered = 64 * 1024;

    private readonly FileStream ownership;
    private readonly DbContextOptions<SqliteGatewayDbContext> reading;

    /// <param name="notify">Told after each commit what may be leased now.</param>
    /// <param name="committed">Told after each commit how many changes shared it.</param>
    /// <param name="giveUp">Told, in a line for the operator, when only a new process can help.</param>
    public SqliteStorage(
        IOptions<StorageOptions> options, TimeProvider time, Action<CommitNotice> notify, ILogger<SqliteStorage> logger,
        Action<int>? committed = null, Action<string>? giveUp = null)
    {
        DataDirectory.Create(options.Value.DataDirectory);
        ownership = Own(options.Value.DataDirectory);
        try
        {
            var path = options.Value.DatabasePath;
            WalFile.MakeDurable(path);
            Migrate(path);
            var first = new SqliteWriter(path, Recent);
            first.Transact(time.Now(), static (session, now) => session.Outbox.ReleaseHeldByDeadProcess(now));
            var wal = new WalWatch(path, new Checkpointer(path, logger), time, logger);
            var writer = new FailStopWriter(first, () => new SqliteWriter(path, Recent), wal, time, giveUp ?? (static _ => { }), logger);
            Commits = new CommitLoop<ISqliteChange>(writer, ownThread: true, options.Value, notify, committed, time, logger);
            Readers = new SqliteReaders(path);
            Activities = new SqliteActivityStore(this);
            Outbox = new SqliteOutboxStore(this);
            reading = ContextOptions(ReadOnlyConnectionString(path));
        }
        catch
        {
            ownership.Dispose();
            throw;
        }
    }

    public CommitLoop<ISqliteChange> Commits { get; }

    public SqliteReaders Readers { get; }

    public RecentActivities Recent { get; } = new(RecentlyRegistered);

    public IActivityStore Activities { get; }

    public IOutboxStore Outbox { get; }

    public GatewayDbContext OpenContext() => new SqliteGatewayDbContext(reading);

    /// <summary>Whether anything was ever registered and is still kept.</summary>
    public static bool HoldsActivities(string path)
    {
        using var database = SqliteDatabase.OpenReader(path);
        return database.Scalar("SELECT EXISTS (SELECT 1 FROM activities)") == "1";
    }

    /// <summary>For Entity Framework's lists and searches: read-only, so that the writer stays the only one.</summary>
    public static string ReadOnlyConnectionString(string path) =>
        new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly }.ConnectionString;

    /// <summary>
    /// Builds the model and the schema's statements ahead, on another core: more than half of a first start is spent on them.
    /// Opening the storage goes on where this stands.
    /// </summary>
    public static void PrepareFirstStart()
    {
        using var context = new SqliteGatewayDbContext(ContextOptions("Data Source=:memory:"));
        _ = context.GetService<IMigrator>().GenerateScript();
    }

    /// <summary>The options every context over the file is made with.</summary>
    public static DbContextOptions<SqliteGatewayDbContext> ContextOptions(string connectionString) =>
        ContextOptions(new DbContextOptionsBuilder<SqliteGatewayDbContext>().UseSqlite(connectionString));

    public void Dispose()
    {
        Readers.Dispose();
        SqliteConnection.ClearAllPools();
        Commits.Dispose();
        ownership.Dispose();
    }

    private static DbContextOptions<SqliteGatewayDbContext> ContextOptions(DbContextOptionsBuilder<SqliteGatewayDbContext> builder) => builder
        .ReplaceService<IMigrationsSqlGenerator, SqliteSchemaSql>()
        .UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking)
        .Options;

    private static FileStream Own(string directory)
    {
        try
        {
            var path = Path.Combine(directory, "gateway.lock");
            var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            DataDirectory.Protect(path);
            return stream;
        }
        catch (IOException)
        {
            throw new StartupException(
                $"Storage:DataDirectory '{directory}' is in use by another gateway process; one process owns a data directory.");
        }
    }

    /// <summary>Makes the database where it is absent and brings its schema up to date.</summary>
    private static void Migrate(string path)
    {
        try
        {
            using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ConnectionString);
            connection.Open();
            DataDirectory.Protect(path);
            Execute(connection, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;");

            // Completed already: this provider is synchronous.
            if (!MigrationHistory.IsCompleteAsync<SqliteGatewayDbContext>(connection).GetAwaiter().GetResult())
            {
                // A crash while migrating leaves Entity Framework's own lock behind, and the next start would wait for ever.
                Execute(connection, """DROP TABLE IF EXISTS "__EFMigrationsLock";""");
                using var context = new SqliteGatewayDbContext(ContextOptions(new DbContextOptionsBuilder<SqliteGatewayDbContext>().UseSqlite(connection)));
                context.Database.Migrate();
            }
        }
        catch (SqliteException exception)
        {
            throw new SqliteFailure(exception.SqliteExtendedErrorCode, exception.Message);
        }
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
