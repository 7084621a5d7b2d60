using Microsoft.Extensions.Options;
using Npgsql;

namespace Gateway.Persistence;

/// <summary>What the options must be together. A connection string is never quoted: it holds a password.</summary>
internal sealed class StorageValidator : IValidateOptions<StorageOptions>
{
    private const string Example = "'Host=db;Database=gateway;Username=gateway;Password=…'";

    public ValidateOptionsResult Validate(string? name, StorageOptions options)
    {
        if (!options.IsPostgres)
        {
            return ValidateOptionsResult.Success;
        }

        if (string.IsNullOrWhiteSpace(options.ConnectionString))
        {
            return ValidateOptionsResult.Fail($"Storage:ConnectionString is required with Storage:Provider=postgres, such as {Example}.");
        }

        try
        {
            var settings = new NpgsqlConnectionStringBuilder(options.ConnectionString);
            return string.IsNullOrEmpty(settings.Host) || string.IsNullOrEmpty(settings.Database)
                ? ValidateOptionsResult.Fail($"Storage:ConnectionString must name a host and a database, such as {Example}.")
                : ValidateOptionsResult.Success;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            return ValidateOptionsResult.Fail($"Storage:ConnectionString is no PostgreSQL connection string: it looks like {Example}.");
        }
    }
}
