using System.ComponentModel.DataAnnotations;

namespace Gateway.Persistence;

/// <summary>Section <c>Storage</c> of the configuration.</summary>
internal sealed class StorageOptions
{
    public const string Section = "Storage";
    public const string ProviderKey = "Storage:Provider";
    public const string DataDirectoryKey = "Storage:DataDirectory";
    public const string Postgres = "postgres";
    public const string DefaultDataDirectory = "data";

    /// <summary><c>sqlite</c> (embedded, one node) or <c>postgres</c> (any number of nodes over one database).</summary>
    [RegularExpression("^(sqlite|postgres)$", ErrorMessage = "Storage:Provider must be 'sqlite' or 'postgres'.")]
    public string Provider { get; init; } = "sqlite";

    /// <summary>Where the PostgreSQL database is; required with <c>postgres</c>. Holds a password: never logged.</summary>
    public string? ConnectionString { get; init; }

    public bool IsPostgres => Provider == Postgres;

    /// <summary>Holds <c>gateway.db</c> and the generated secrets; relative to the working directory. Made with mode 0700.</summary>
    [Required(ErrorMessage = "Storage:DataDirectory must name a directory.")]
    public string DataDirectory { get; init; } = DefaultDataDirectory;

    /// <summary>How many changes may wait for the writer before callers are told 503 <c>overloaded</c>.</summary>
    [Range(1, 1_000_000, ErrorMessage = "Storage:MaxQueuedChanges must be between 1 and 1000000.")]
    public int MaxQueuedChanges { get; init; } = 10_000;

    /// <summary>How many bytes of payload may wait for the writer before callers are told 503 <c>overloaded</c>.</summary>
    [Range(1, int.MaxValue, ErrorMessage = "Storage:MaxQueuedBytes must be between 1 and 2147483647.")]
    public int MaxQueuedBytes { get; init; } = 128 * 1024 * 1024;

    public string DatabasePath => DatabaseIn(DataDirectory);

    public static string DatabaseIn(string directory) => Path.Combine(directory, "gateway.db");
}
