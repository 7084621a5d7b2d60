using System.Data.Common;
using System.Reflection;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;

namespace Gateway.Persistence;

/// <summary>
/// What Entity Framework notes in a database about its migrations. Asked directly, because a start need not wait until it has
/// built its model, half of the time until the gateway is ready, to hear that there is nothing to do.
/// </summary>
internal static class MigrationHistory
{
    private const string Sql = $"""SELECT "MigrationId" FROM "{HistoryRepository.DefaultTableName}" """;

    /// <summary>Whether a database has every migration of a context.</summary>
    public static async Task<bool> IsCompleteAsync<TContext>(DbConnection connection)
    {
        try
        {
            await using var command = connection.CreateCommand();
            command.CommandText = Sql;
            await using var reader = await command.ExecuteReaderAsync();
            var applied = new HashSet<string>(StringComparer.Ordinal);
            while (await reader.ReadAsync())
            {
                applied.Add(reader.GetString(0));
            }

            return Known<TContext>().All(applied.Contains);
        }
        catch (DbException exception) when (IsAbsence(exception))
        {
            return false;
        }
    }

    private static bool IsAbsence(DbException exception) =>
        exception is PostgresException { SqlState: PostgresErrorCodes.UndefinedTable }
            or SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_ERROR };

    private static IEnumerable<string> Known<TContext>() => typeof(MigrationHistory).Assembly.GetTypes()
        .Where(type => type.GetCustomAttribute<DbContextAttribute>()?.ContextType == typeof(TContext))
        .Select(type => type.GetCustomAttribute<MigrationAttribute>()?.Id).OfType<string>();
}
