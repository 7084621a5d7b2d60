using Gateway.Activities;
using Microsoft.Extensions.Options;

namespace Gateway.FirstStart;

/// <summary>Section <c>Tokens</c>. Without keys the embedded gateway makes one on its first start.</summary>
internal sealed class TokensOptions
{
    public const string Section = "Tokens";

    /// <summary>The first one signs, all verify: rotate by putting a new one in front.</summary>
    public IList<TokenKeyOptions> Keys { get; } = [];
}

/// <summary>One signing key of the ring.</summary>
internal sealed class TokenKeyOptions
{
    /// <summary>Stands in every token the key signs; 0 to 255, unique.</summary>
    public int Id { get; set; } = -1;

    /// <summary>32 random bytes in base64: <c>openssl rand -base64 32</c>.</summary>
    public string? Secret { get; set; }

    public TokenKey ToKey() => new((byte)Id, Convert.FromBase64String(Secret!));
}

/// <summary>One line for every wrong value, naming its key and never its value.</summary>
internal sealed class TokensValidator : IValidateOptions<TokensOptions>
{
    public ValidateOptionsResult Validate(string? name, TokensOptions options)
    {
        var failures = Failures(options.Keys, $"{TokensOptions.Section}:Keys").ToList();
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    /// <param name="keys">A ring, from configuration or from a file.</param>
    /// <param name="path">Where it stands, for the message.</param>
    internal static IEnumerable<string> Failures(IList<TokenKeyOptions> keys, string path)
    {
        for (var index = 0; index < keys.Count; index++)
        {
            var key = keys[index];
            if (key.Id is < 0 or > byte.MaxValue)
            {
                yield return $"{path}:{index}:id must be a number from 0 to 255.";
            }

            if (!IsSecret(key.Secret))
            {
                yield return $"{path}:{index}:secret must be {TokenKey.SecretSize} random bytes in base64.";
            }
        }

        foreach (var twice in keys.GroupBy(key => key.Id).Where(group => group.Count() > 1))
        {
            yield return $"{path}: the id {twice.Key} stands for more than one key.";
        }
    }

    private static bool IsSecret(string? text)
    {
        Span<byte> bytes = stackalloc byte[TokenKey.SecretSize];
        // 32 bytes are 44 characters with their padding; the decoder would also skip white space.
        return text is { Length: 44 } && Convert.TryFromBase64String(text, bytes, out var length) && length == TokenKey.SecretSize;
    }
}
