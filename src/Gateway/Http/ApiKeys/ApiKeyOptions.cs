using Microsoft.Extensions.Options;

namespace Gateway.Http.ApiKeys;

/// <summary>Section <c>ApiKeys</c>, a list. Without it the gateway makes one key on its first start.</summary>
internal sealed class ApiKeysOptions
{
    public const string Section = "ApiKeys";

    public IList<ApiKeyOptions> Keys { get; } = [];
}

/// <summary>One API key, by its hash.</summary>
internal sealed class ApiKeyOptions
{
    /// <summary>Names the key in logs; unique.</summary>
    public string? Name { get; set; }

    /// <summary>SHA-256 of the key's UTF-8 text, 64 hexadecimal digits.</summary>
    public string? Sha256 { get; set; }

    /// <summary>The namespace it belongs to, or <c>*</c> for all. Default <c>default</c>.</summary>
    public string Namespace { get; set; } = "default";

    /// <summary><c>register</c>, <c>resume</c>, <c>complete</c>, <c>operate</c>; at least one.</summary>
    public IList<string> Scopes { get; } = [];
}

/// <summary>One line for every wrong value, naming its key.</summary>
internal sealed class ApiKeysValidator : IValidateOptions<ApiKeysOptions>
{
    public ValidateOptionsResult Validate(string? name, ApiKeysOptions options)
    {
        var failures = options.Keys.SelectMany((key, index) => Failures(key, $"{ApiKeysOptions.Section}:{index}")).ToList();
        failures.AddRange(options.Keys.GroupBy(key => key.Name, StringComparer.Ordinal).Where(group => group.Key is not null && group.Count() > 1)
            .Select(group => $"{ApiKeysOptions.Section}: the name '{group.Key}' stands for more than one key."));
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> Failures(ApiKeyOptions key, string path)
    {
        if (string.IsNullOrWhiteSpace(key.Name))
        {
            yield return $"{path}:name must name the key.";
        }

        if (key.Sha256 is not { Length: 64 } hash || !hash.All(char.IsAsciiHexDigit))
        {
            yield return $"{path}:sha256 must be the SHA-256 of the key, 64 hexadecimal digits.";
        }

        if (string.IsNullOrWhiteSpace(key.Namespace))
        {
            yield return $"{path}:namespace must be a namespace, or * for all.";
        }

        if (key.Scopes.Count == 0 || !key.Scopes.All(ApiKeyScopes.All.Contains))
        {
            yield return $"{path}:scopes must be one or more of {string.Join(", ", ApiKeyScopes.All)}.";
        }
    }
}
