using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;

namespace Gateway.Http.Bodies;

/// <summary>Where a document does not fit its record, in the document's own words.</summary>
/// <param name="Field">The path, such as <c>resume.kind</c> or <c>activities[3].attempt</c>; <c>body</c> for the whole.</param>
/// <param name="Expected">What must stand there.</param>
internal sealed partial record JsonPlace(string Field, string Expected)
{
    /// <param name="path">The serializer's path, such as <c>$.resume.kind</c> or <c>$.labels['a b']</c>.</param>
    public static JsonPlace Find(string? path, JsonTypeInfo root)
    {
        var field = "";
        var type = root;
        foreach (var step in Steps().Matches(path ?? "$").Select(match => match.Value))
        {
            var isIndex = step[0] is '[' && step[1] is not '\'';
            var name = isIndex ? step : step[0] is '[' ? step[2..^2] : step[1..];
            field = isIndex || field.Length == 0 ? field + name : $"{field}.{name}";
            if (Descend(type, name) is not { } next)
            {
                return new JsonPlace(field, "is not a field of this document");
            }

            type = next;
        }

        return new JsonPlace(field.Length == 0 ? "body" : field, $"must be {Word(type)}");
    }

    private static JsonTypeInfo? Descend(JsonTypeInfo type, string name)
    {
        if (type.Kind is JsonTypeInfoKind.Object)
        {
            var property = type.Properties.FirstOrDefault(candidate => candidate.Name == name);
            return property is null ? null : type.Options.GetTypeInfo(property.PropertyType);
        }

        return type.ElementType is { } element ? type.Options.GetTypeInfo(element) : type;
    }

    private static string Word(JsonTypeInfo type)
    {
        var plain = Nullable.GetUnderlyingType(type.Type) ?? type.Type;
        return type.Kind switch
        {
            JsonTypeInfoKind.Object or JsonTypeInfoKind.Dictionary => "an object",
            JsonTypeInfoKind.Enumerable => "an array",
            _ when plain == typeof(string) => "a string",
            _ when plain == typeof(bool) => "true or false",
            _ when plain == typeof(int) || plain == typeof(long) => "an integer in range",
            _ when plain == typeof(DateTimeOffset) => "a time in RFC 3339 UTC, such as 2026-01-31T12:00:00Z",
            _ => "a value of another form",
        };
    }

    [GeneratedRegex(@"\.[^.\[]+|\['(?:[^'\\]|\\.)*'\]|\[\d+\]")]
    private static partial Regex Steps();
}
