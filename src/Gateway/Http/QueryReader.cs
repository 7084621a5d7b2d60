using System.Globalization;
using Gateway.Http.Errors;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Gateway.Http;

/// <summary>
/// Reads query parameters with their bounds. What is wrong is collected by name, and a name nobody reads is wrong too: a
/// misspelt filter must not silently match everything.
/// </summary>
internal sealed class QueryReader(IQueryCollection query)
{
    private readonly List<string> known = [];
    private Dictionary<string, string[]>? errors;

    /// <summary>The answer to give when anything was wrong, after all parameters were read; null when all is well.</summary>
    public ProblemHttpResult? Problem()
    {
        foreach (var name in query.Keys)
        {
            if (!known.Contains(name, StringComparer.Ordinal))
            {
                Refuse(name, $"is not a parameter of this call; it takes {string.Join(", ", known.Order(StringComparer.Ordinal))}");
            }
        }

        return errors is null ? null : Problems.InvalidRequest(errors);
    }

    public string? Text(string name, int maxLength = 1000)
    {
        if (Single(name) is not { } text)
        {
            return null;
        }

        return text.Length is > 0 && text.Length <= maxLength ? text : Wrong<string>(name, $"must have 1 to {maxLength} characters");
    }

    public bool Flag(string name) => Single(name) switch
    {
        null or "false" => false,
        "true" => true,
        _ => Wrong<bool>(name, "must be true or false"),
    };

    public int Number(string name, int least, int most, int otherwise)
    {
        if (Single(name) is not { } text)
        {
            return otherwise;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : Wrong<int>(name, $"must be a whole number between {least} and {most}");
    }

    public DateTimeOffset? Time(string name)
    {
        if (Single(name) is not { } text)
        {
            return null;
        }

        return text.Contains('T', StringComparison.Ordinal)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)
                ? instant.ToUniversalTime()
                : Wrong<DateTimeOffset?>(name, "must be a time such as 2026-01-31T12:00:00Z");
    }

    /// <summary>One of a closed set of words.</summary>
    public T? Word<T>(string name, Func<string, T?> find, string words)
        where T : struct
    {
        if (Single(name) is not { } text)
        {
            return null;
        }

        return find(text) ?? Wrong<T?>(name, $"must be one of {words}");
    }

    /// <summary>A parameter that may stand several times.</summary>
    public IReadOnlyList<string> All(string name)
    {
        known.Add(name);
        return [.. query[name].OfType<string>()];
    }

    public void Refuse(string name, string message) => Wrong<object>(name, message);

    private string? Single(string name)
    {
        known.Add(name);
        var values = query[name];
        return values.Count > 1 ? Wrong<string>(name, "must stand only once") : values.Count == 1 ? values[0] : null;
    }

    private T? Wrong<T>(string name, string message)
    {
        (errors ??= [])[name] = [message];
        return default;
    }
}
