using Npgsql;
using Xunit.Abstractions;

namespace Gateway.Tests.Support;

/// <summary>The PostgreSQL server the tests may use: each takes a database of its own and drops it.</summary>
internal static class PostgresServer
{
    public const string Variable = "GATEWAY_TEST_POSTGRES";

    public static string? ConnectionString { get; } = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } text ? text : null;

    /// <summary>Why tests on PostgreSQL cannot run; null where they can.</summary>
    public static string? Missing { get; } =
        ConnectionString is null ? $"needs a PostgreSQL server: {Variable} is a connection string with the right to create databases" : null;

    public static bool IsMissingFor(ITestMethod method) =>
        Missing is not null && method.TestClass.Class.GetCustomAttributes(typeof(OnPostgresAttribute)).Any();

    /// <summary>The connection string of a database that nobody has made yet.</summary>
    public static string NewDatabase() => new NpgsqlConnectionStringBuilder(ConnectionString!)
    {
        Database = $"gateway_test_{Guid.NewGuid():N}",
        MaxPoolSize = 20,
    }.ConnectionString;

    public static void Drop(string connectionString)
    {
        var name = new NpgsqlConnectionStringBuilder(connectionString).Database;
        using var connection = new NpgsqlConnection(ConnectionString);
        connection.Open();
        using var command = new NpgsqlCommand($"DROP DATABASE IF EXISTS \"{name}\" WITH (FORCE)", connection);
        command.ExecuteNonQuery();
    }
}

/// <summary>A test against PostgreSQL alone.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute() => Skip = PostgresServer.Missing;
}
