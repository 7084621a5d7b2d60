using System.Security.Cryptography;
using System.Text.Json;
using Gateway.Activities;
using Gateway.Persistence;

namespace Gateway.FirstStart;

/// <summary>
/// The generated key ring, in the form of <c>Tokens:Keys</c>, so that it can be moved into configuration or rotated by hand.
/// </summary>
internal static class TokenKeyFile
{
    public const string Name = "token.keys";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <param name="directory">The data directory.</param>
    /// <param name="hasActivities">
    /// Asked only when the file is missing. Tokens are out then that no new key could verify, so a fresh ring would quietly
    /// lock everybody out.
    /// </param>
    public static TokenKeyRing Open(string directory, Func<bool> hasActivities)
    {
        var path = Path.Combine(directory, Name);
        if (File.Exists(path))
        {
            return Read(path);
        }

        if (hasActivities())
        {
            throw new StartupException(
                $"Tokens:Keys is not configured and '{path}' is gone while the database holds activities: restore the file from the backup.");
        }

        var key = new TokenKeyOptions { Id = 1, Secret = Convert.ToBase64String(RandomNumberGenerator.GetBytes(TokenKey.SecretSize)) };
        DataDirectory.WriteSecret(path, JsonSerializer.Serialize(new[] { key }, Json) + "\n");
        return new TokenKeyRing([key.ToKey()]);
    }

    private static TokenKeyRing Read(string path)
    {
        try
        {
            var keys = JsonSerializer.Deserialize<List<TokenKeyOptions>>(File.ReadAllBytes(path), Json) ?? [];
            var failure = keys.Count == 0 ? $"{path} holds no key." : TokensValidator.Failures(keys, path).FirstOrDefault();
            return failure is null ? new TokenKeyRing([.. keys.Select(key => key.ToKey())]) : throw new StartupException(failure);
        }
        catch (JsonException)
        {
            throw new StartupException($"{path} is damaged: it must be the list of keys the gateway wrote.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"{path} cannot be read: {exception.Message}");
        }
    }
}
