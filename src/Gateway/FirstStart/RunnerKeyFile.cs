using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Gateway.Http.ApiKeys;
using Gateway.Persistence;

namespace Gateway.FirstStart;

/// <summary>The API key the gateway makes for itself when none is configured: one line of text in the data directory.</summary>
internal sealed class RunnerKeyFile
{
    public const string Name = "runner.key";

    /// <summary>Begins every generated key, so that secret scanners can find a leaked one.</summary>
    public const string Prefix = "cbgk_";

    private RunnerKeyFile(string path, string key, bool isNew)
    {
        (FullPath, IsNew) = (Path.GetFullPath(path), isNew);
        Ring = new ApiKeyRing([Describe(key)]);
    }

    public string FullPath { get; }

    /// <summary>Made by this start.</summary>
    public bool IsNew { get; }

    /// <summary>The key alone, good for every namespace and scope.</summary>
    public ApiKeyRing Ring { get; }

    /// <param name="directory">The data directory.</param>
    public static RunnerKeyFile Open(string directory)
    {
        var path = Path.Combine(directory, Name);
        if (File.Exists(path))
        {
            return new RunnerKeyFile(path, Read(path), isNew: false);
        }

        var key = Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        DataDirectory.WriteSecret(path, key + "\n");
        return new RunnerKeyFile(path, key, isNew: true);
    }

    private static string Read(string path)
    {
        try
        {
            var key = File.ReadAllText(path).Trim();
            return key.Length > 0 ? key : throw new StartupException($"{path} is empty: delete it and a new key is made, or configure ApiKeys.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"{path} cannot be read: {exception.Message}");
        }
    }

    private static ApiKeyOptions Describe(string key)
    {
        var options = new ApiKeyOptions
        {
            Name = "runner",
            Sha256 = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(key))),
            Namespace = ApiKeyIdentity.EveryNamespace,
        };
        foreach (var scope in ApiKeyScopes.All)
        {
            options.Scopes.Add(scope);
        }

        return options;
    }
}
