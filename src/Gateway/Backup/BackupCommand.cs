using System.Globalization;
using Gateway.FirstStart;
using Gateway.Persistence;
using Gateway.Persistence.Sqlite;
using Gateway.Resumption.Webhooks;

namespace Gateway.Backup;

/// <summary>
/// <c>Gateway backup &lt;file&gt;</c>: copies the database of the data directory to a file, and the generated secrets beside it
/// under their own names, because without them the copy could not be used. The gateway may run meanwhile.
/// </summary>
internal static class BackupCommand
{
    public const string Name = "backup";

    private const string Compact = "--compact";
    private const string Usage = "Usage: Gateway backup <file> [--compact] [--<key>=<value> of the configuration]";

    private static readonly string[] Secrets = [TokenKeyFile.Name, RunnerKeyFile.Name, WebhookSecrets.FileName];

    /// <returns>0 when the backup is complete, 1 when it could not be made, 2 when the arguments are wrong.</returns>
    public static int Run(string[] args)
    {
        var settings = args.Where(argument => argument.StartsWith("--", StringComparison.Ordinal) && argument != Compact).ToArray();
        if (args.Except(settings).Where(argument => argument != Compact).ToArray() is not [{ Length: > 0 } file]
            || Array.Exists(settings, setting => !setting.Contains('=', StringComparison.Ordinal)))
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        try
        {
            Console.Out.WriteLine(Write(Options(settings), Path.GetFullPath(file), args.Contains(Compact)));
            return 0;
        }
        catch (Exception exception) when (exception is StorageException or StartupException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"No backup: {exception.Message}");
            return 1;
        }
    }

    private static StorageOptions Options(string[] settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = settings, ContentRootPath = AppContext.BaseDirectory });
        var section = builder.Configuration.GetSection(StorageOptions.Section);
        return section.GetValue("Provider", "sqlite") == "sqlite"
            ? section.Get<StorageOptions>() ?? new StorageOptions()
            : throw new StartupException("Storage:Provider is not 'sqlite': use the database's own tools, pg_dump or pg_basebackup for PostgreSQL.");
    }

    private static string Write(StorageOptions options, string file, bool compact)
    {
        var directory = Path.GetDirectoryName(file) ?? throw new IOException($"'{file}' names no file.");
        if (!File.Exists(options.DatabasePath))
        {
            throw new StartupException($"'{options.DatabasePath}' does not exist: Storage:DataDirectory names the directory of the gateway.");
        }

        if (Path.Exists(file))
        {
            throw new StartupException($"'{file}' exists already and is not overwritten.");
        }

        DataDirectory.CreateForOwner(directory);
        var secrets = CopySecrets(options.DataDirectory, directory);
        var length = SqliteBackup.Write(options.DatabasePath, file, compact);
        return string.Create(CultureInfo.InvariantCulture, $"{file}: {length / 1048576.0:F1} MB, checked. Beside it: {(secrets.Count > 0 ? string.Join(", ", secrets) : "no secrets, all are configured")}.");
    }

    /// <summary>They never change by themselves: those of an earlier backup in the same directory are the same, or it is refused.</summary>
    private static List<string> CopySecrets(string from, string to)
    {
        var found = Secrets.Where(name => File.Exists(Path.Combine(from, name))).ToList();
        foreach (var name in found)
        {
            var content = File.ReadAllText(Path.Combine(from, name));
            var copy = Path.Combine(to, name);
            if (!File.Exists(copy))
            {
                DataDirectory.WriteSecret(copy, content);
            }
            else if (File.ReadAllText(copy) != content)
            {
                throw new StartupException($"'{copy}' belongs to another backup: '{name}' has changed since, so name a file in a new directory.");
            }
        }

        return found;
    }
}
